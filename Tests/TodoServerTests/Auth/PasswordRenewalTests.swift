import Testing
import TestSupport

@testable import TodoServer

/// A login replaces a hash with another cost, and never undoes a password change.
@Suite(.timeLimit(.minutes(1))) struct PasswordRenewalTests {
    private static func passwords(cost: Int) -> Passwords {
        Passwords(cost: cost, pool: WorkerPool(name: "test", threads: 1, capacity: 16))
    }

    /// Logs in as a user whose hash has another cost.
    /// - Parameter meanwhile: called between verifying the password and replacing the hash.
    /// - Returns: the hash before and after the login.
    private func logIn(
        meanwhile: @escaping @Sendable (_ store: any Store, _ old: String, User.ID) async throws -> Void
    ) async throws -> (before: String, after: String) {
        try await TemporaryDirectory.with { directory in
            let path = directory + "/todos.sqlite"
            let store = try SQLiteStore(path: path)
            let old = try await Self.passwords(cost: 5).hash("pass word")
            _ = try #require(try await store.addUser(named: "ann", passwordHash: old))
            try await RunningServer.with(
                { $0.database = .sqlite(path: path) },
                interpose: { HookedStore($0, beforeReplacing: { try await meanwhile(store, $0, $1) }) }
            ) { server in
                let client = try await RawClient.connect(to: server)
                #expect(try await client.login("username=ann&password=pass+word").status == 200)
            }
            let new = try #require(try await store.user(named: "ann")).passwordHash
            await store.close()
            return (old, new)
        }
    }

    @Test("a hash with another cost is replaced at login")
    func renews() async throws {
        let (old, new) = try await logIn { _, _, _ in }
        #expect(old.hasPrefix("$2b$05$") && new.hasPrefix("$2b$04$"))
        #expect(try await Self.passwords(cost: 4).verify("pass word", against: new))
    }

    @Test("a password that is changed during the login is kept")
    func keepsANewerPassword() async throws {
        let (_, new) = try await logIn { store, old, user in
            let isReplaced = try await store.replacePasswordHash(old, by: "changed", of: user)
            #expect(isReplaced)
        }
        #expect(new == "changed")
    }
}
