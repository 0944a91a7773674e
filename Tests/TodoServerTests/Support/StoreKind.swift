import Logging

@testable import TodoServer

/// The stores that there are. What one promises all promise.
enum StoreKind: CaseIterable, Sendable {
    case sqlite, postgreSQL

    /// The address of a new database, for the time of a closure.
    func withAddress<Value>(_ body: (DatabaseAddress) async throws -> Value) async throws -> Value {
        switch self {
        case .sqlite: try await withTemporaryDirectory { try await body(.sqlite(path: $0 + "/todos.sqlite")) }
        case .postgreSQL: try await body(.postgreSQL(TestPostgreSQL.newDatabase()))
        }
    }

    /// A new store, for the time of a closure.
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
