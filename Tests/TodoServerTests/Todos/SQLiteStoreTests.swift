import GRDB
import Testing

@testable import TodoServer

@Suite(.timeLimit(.minutes(1))) struct SQLiteStoreTests {
    private func withStore<Value: Sendable>(_ body: (SQLiteStore, String) async throws -> Value) async throws -> Value {
        try await withTemporaryDirectory { directory in
            let path = directory + "/todos.sqlite"
            let store = try SQLiteStore(path: path)
            let value = try await body(store, path)
            await store.close()
            return value
        }
    }

    @Test func isDurable() async throws {
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

    @Test func refusesNewerFiles() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/todos.sqlite"
            let queue = try DatabaseQueue(path: path)
            try await queue.write { try $0.execute(sql: "PRAGMA user_version = 99") }
            try queue.close()
            #expect(throws: NewerSchema.self) { try SQLiteStore(path: path) }
        }
    }
}
