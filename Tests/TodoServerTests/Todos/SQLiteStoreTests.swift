import GRDB
import NIOHTTP1
import Testing
import TestSupport

@testable import TodoServer

@Suite(.timeLimit(.minutes(1))) struct SQLiteStoreTests {
    private func withStore<Value: Sendable>(_ body: (SQLiteStore, String) async throws -> Value) async throws -> Value {
        try await TemporaryDirectory.with { directory in
            let path = directory + "/todos.sqlite"
            let store = try SQLiteStore(path: path)
            let value = try await body(store, path)
            await store.close()
            return value
        }
    }

    @Test("the database uses WAL mode with synchronous=FULL")
    func isDurable() async throws {
        try await withStore { store, _ in
            let settings = try await store.write { database in
                try (
                    String.fetchOne(database, sql: "PRAGMA journal_mode"),
                    Int.fetchOne(database, sql: "PRAGMA synchronous")
                )
            }
            #expect(settings.0 == "wal")
            #expect(settings.1 == 2, "FULL")
        }
    }

    @Test("a file from a newer release is rejected")
    func refusesNewerFiles() async throws {
        try await TemporaryDirectory.with { directory in
            let path = directory + "/todos.sqlite"
            let queue = try DatabaseQueue(path: path)
            try await queue.write { try $0.execute(sql: "PRAGMA user_version = 99") }
            try queue.close()
            #expect(throws: NewerSchema.self) { try SQLiteStore(path: path) }
        }
    }

    /// Rejected writes leave nothing behind; all others are stored.
    @Test("on a full disk, writes are rejected with 503 and none is lost")
    func aFullDiskLosesNothing() async throws {
        try await withStore { store, _ in
            let ann = try #require(try await store.addUser(named: "ann", passwordHash: "x"))
            func limitPages(to count: Int) async throws {
                try await store.write { try $0.execute(sql: "PRAGMA max_page_count = \(count)") }
            }
            try await limitPages(to: 16)
            let title = String(repeating: "x", count: 200)
            // Concurrently, so that some are committed together with one that does not fit.
            let refused = await withTaskGroup(of: [Response].self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        var refused: [Response] = []
                        for _ in 0..<50 {
                            do {
                                _ = try await store.addTodo(input(title), for: ann.id)
                            } catch {
                                refused.append(Response(error))
                            }
                        }
                        return refused
                    }
                }
                return await group.reduce(into: []) { $0 += $1 }
            }
            #expect(refused.count > 0 && refused.count < 400)
            #expect(
                refused.allSatisfy {
                    $0.status == .serviceUnavailable && $0.headers.contains(.init("Retry-After", "1"))
                })
            #expect(try await store.todos(of: ann.id).count == 400 - refused.count)
            try await limitPages(to: 1 << 20)
            _ = try await store.addTodo(input(title), for: ann.id)
            #expect(try await store.todos(of: ann.id).count == 401 - refused.count)
        }
    }

    /// Another process holds the lock for longer than the busy timeout.
    @Test("a write to a locked file is rejected with 503, and reads still work")
    func aBusyFileIsRefusedForAMoment() async throws {
        try await TemporaryDirectory.with { directory in
            let path = directory + "/todos.sqlite"
            let store = try SQLiteStore(path: path, busyTimeout: 0.05)
            let ann = try #require(try await store.addUser(named: "ann", passwordHash: "x"))
            var unchecked = GRDB.Configuration()
            unchecked.allowsUnsafeTransactions = true
            let other = try DatabaseQueue(path: path, configuration: unchecked)
            try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
            let error = await #expect(throws: SQLiteFailure.self) { try await store.addTodo(input("a"), for: ann.id) }
            #expect(error?.response.status == .serviceUnavailable)
            #expect(try await store.todos(of: ann.id).isEmpty, "reads still work")
            try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
            _ = try await store.addTodo(input("a"), for: ann.id)
            try other.close()
            await store.close()
        }
    }

    private func input(_ title: String) -> TodoInput { TodoInput(title: title) }
}
