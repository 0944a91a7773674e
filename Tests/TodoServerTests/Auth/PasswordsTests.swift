import Testing

@testable import TodoServer

@Suite struct PasswordsTests {
    private let passwords = Passwords(cost: 4, pool: WorkerPool(name: "test", threads: 1, capacity: 16))

    /// Users can be migrated with their hashes.
    @Test("a hash from another bcrypt implementation is verified")
    func agreesWithOthers() async throws {
        let hash = "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"
        #expect(try await passwords.verify("U*U", against: hash))
        #expect(try await !passwords.verify("U*U*", against: hash))
    }

    @Test("each hash has its own salt")
    func hashesWithItsOwnSalt() async throws {
        let first = try await passwords.hash("admin123")
        let second = try await passwords.hash("admin123")
        #expect(first.hasPrefix("$2b$04$"))
        #expect(first != second)
        #expect(try await passwords.verify("admin123", against: first))
        #expect(try await passwords.verify("admin123", against: second))
    }

    /// bcrypt itself stops at a NUL and after 72 bytes.
    @Test("the whole password is compared")
    func comparesTheWholePassword() async throws {
        let long = String(repeating: "x", count: 72)
        let (short, longest) = try await (passwords.hash("admin123"), passwords.hash(long))
        #expect(try await !passwords.verify("admin123\0suffix", against: short))
        #expect(try await passwords.verify(long, against: longest))
        #expect(try await !passwords.verify(long + "y", against: longest))
    }

    @Test("no password is correct for an unknown user")
    func unknownUsersNeverPass() async throws {
        #expect(try await !passwords.verify("admin123", against: nil))
        #expect(try await !passwords.verify("", against: nil))
        #expect(try await !passwords.verify(String(repeating: "x", count: 10_000), against: nil))
    }

    @Test("hashing is rejected when the queue is full")
    func refusesPastTheQueue() async throws {
        let pool = WorkerPool(name: "full", threads: 1, capacity: 0)
        await #expect(throws: WorkerPool.Full.self) { try await Passwords(cost: 4, pool: pool).hash("admin123") }
    }
}
