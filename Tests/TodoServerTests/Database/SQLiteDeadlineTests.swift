import Dispatch
import GRDB
import NIOCore
import NIOHTTP1
import Testing
import TestSupport

@testable import TodoServer

/// SQLite calls that are slow or cannot commit.
@Suite(.timeLimit(.minutes(1))) struct SQLiteDeadlineTests {
    private func withStore(
        begin: TimeAmount, total: TimeAmount,
        _ body: (_ store: SQLiteStore, _ path: String, _ ann: User) async throws -> Void
    ) async throws {
        try await TemporaryDirectory.with { directory in
            let path = directory + "/todos.sqlite"
            var times = DatabaseTimes()
            times.begin = begin
            times.total = total
            let store = try SQLiteStore(path: path, busyTimeout: 60, times: times)
            let ann = try #require(try await store.addUser(named: "ann", passwordHash: "x"))
            try await body(store, path, ann)
            await store.close()
        }
    }

    /// The response to a request that runs this work.
    private func response(_ work: () async throws -> Void) async -> Response {
        do {
            try await work()
            return Response(status: .ok)
        } catch {
            return Response(error)
        }
    }

    @Test("a write that waits too long for another process's lock is 503 and never performed")
    func lockedFile() async throws {
        try await withStore(begin: .milliseconds(200), total: .seconds(5)) { store, path, ann in
            var unchecked = GRDB.Configuration()
            unchecked.allowsUnsafeTransactions = true
            let other = try DatabaseQueue(path: path, configuration: unchecked)
            try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
            let start = ContinuousClock.now
            let refused = await response { _ = try await store.addTodo(TodoInput(title: "a"), for: ann.id) }
            #expect(refused.status == .serviceUnavailable)
            #expect(ContinuousClock.now - start < .seconds(20), "the response does not wait for SQLite's busy timeout")
            #expect(try await store.todos(of: ann.id).isEmpty, "reads still work")
            try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
            try other.close()
            try await waitUntil("writes succeed again") {
                await response { _ = try await store.addTodo(TodoInput(title: "b"), for: ann.id) }.status == .ok
            }
            #expect(try await !store.todos(of: ann.id).contains { $0.title == "a" })
        }
    }

    @Test("a write that runs too long is 504 and may yet take effect")
    func longWrite() async throws {
        try await withStore(begin: .seconds(20), total: .milliseconds(300)) { store, _, ann in
            let gate = DispatchSemaphore(value: 0)
            let unknown = await response {
                try await store.write { database in
                    gate.wait()
                    try database.execute(
                        sql: "INSERT INTO todos (user_id, title, completed) VALUES (?, 'late', 0)", arguments: [ann.id])
                }
            }
            #expect(unknown.status == .gatewayTimeout && !unknown.headers.contains { $0.name == "Retry-After" })
            gate.signal()
            try await waitUntil("it took effect") { try await store.todos(of: ann.id).map(\.title) == ["late"] }
        }
    }

    @Test("a read that runs too long is 503")
    func longRead() async throws {
        try await withStore(begin: .seconds(20), total: .milliseconds(300)) { store, _, _ in
            let gate = DispatchSemaphore(value: 0)
            let unread = await response { try await store.read { _ in gate.wait() } }
            #expect(unread.status == .serviceUnavailable)
            gate.signal()
        }
    }

    @Test(
        "a failed commit is 503 if it left no record behind, and 504 otherwise",
        arguments: [
            (ResultCode.SQLITE_IOERR, 504), (.SQLITE_FULL, 503), (.SQLITE_BUSY, 503), (.SQLITE_CORRUPT, 504),
        ])
    func failedCommit(_ code: ResultCode, _ status: Int) async throws {
        try await withStore(begin: .seconds(20), total: .seconds(40)) { store, _, ann in
            let observer = FailingCommits(code: code)
            try await store.write { $0.add(transactionObserver: observer, extent: .databaseLifetime) }
            observer.isOn.raise()
            let failed = await response { _ = try await store.addTodo(TodoInput(title: "a"), for: ann.id) }
            #expect(failed.status.code == UInt(status))
            #expect(failed.headers.contains { $0.name == "Retry-After" } == (status == 503))
        }
    }

    @Test("queued work for a disconnected client is dropped")
    func abandoned() async throws {
        try await withStore(begin: .seconds(20), total: .seconds(40)) { store, _, ann in
            let gate = DispatchSemaphore(value: 0)
            let hasBegun = Flag()
            async let first: Void = store.write { _ in
                hasBegun.raise()
                gate.wait()
            }
            try await waitUntil("the first write has begun") { hasBegun.isRaised }
            let presence = ClientPresence()
            let isQueued = Flag()
            async let second = Demand.$current.withValue(Demand(isWanted: presence.wants)) {
                isQueued.raise()
                return await response { _ = try await store.addTodo(TodoInput(title: "abandoned"), for: ann.id) }
            }
            try await waitUntil("the second write is queued") { isQueued.isRaised }
            presence.leave()
            gate.signal()
            try await first
            #expect(await second.status == .serviceUnavailable)
            #expect(try await store.todos(of: ann.id).isEmpty)
        }
    }
}

/// Makes every commit fail once `isOn` is raised.
private final class FailingCommits: TransactionObserver, Sendable {
    let isOn = Flag()
    private let code: ResultCode

    init(code: ResultCode) {
        self.code = code
    }

    func observes(eventsOfKind eventKind: DatabaseEventKind) -> Bool { true }
    func databaseDidChange(with event: DatabaseEvent) {}
    func databaseDidCommit(_ database: Database) {}
    func databaseDidRollback(_ database: Database) {}

    func databaseWillCommit() throws {
        if isOn.isRaised { throw DatabaseError(resultCode: code) }
    }
}
