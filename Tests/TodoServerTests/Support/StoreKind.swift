import Logging
import TestSupport

@testable import TodoServer

/// The kinds of store. All must behave the same.
enum StoreKind: CaseIterable, Sendable {
    case sqlite, postgreSQL

    /// Passes the address of a new database to a closure.
    func withAddress<Value>(_ body: (DatabaseAddress) async throws -> Value) async throws -> Value {
        switch self {
        case .sqlite: try await TemporaryDirectory.with { try await body(.sqlite(path: $0 + "/todos.sqlite")) }
        case .postgreSQL: try await body(.postgreSQL(TestPostgreSQL.newDatabase()))
        }
    }

    /// Passes a new store to a closure, and closes it afterwards.
    func with<Value>(
        maxTodosPerUser: Int? = nil, times: DatabaseTimes = DatabaseTimes(),
        _ body: (any Store) async throws -> Value
    ) async throws -> Value {
        try await withAddress { address in
            let store = try await address.open(maxTodosPerUser: maxTodosPerUser, times: times)
            let result: Result<Value, any Error>
            do {
                result = .success(try await body(store))
            } catch {
                result = .failure(error)
            }
            await store.close()
            return try result.get()
        }
    }
}

extension DatabaseAddress {
    func open(
        connections: Int = 4, maxTodosPerUser: Int? = nil, times: DatabaseTimes = DatabaseTimes()
    ) async throws -> any Store {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return try await open(
            connections: connections, maxTodosPerUser: maxTodosPerUser, times: times, logger: logger)
    }
}
