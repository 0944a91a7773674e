import Logging
import NIOCore
import NIOPosix

/// Stores todos and users in PostgreSQL. A write that has returned is durable (`synchronous_commit=on`).
package final class PostgreSQLStore: Store {
    private static let queueCapacity = 1024

    private let pool: PostgreSQLPool
    package let identity: String
    /// Nil for no limit.
    let maxTodosPerUser: Int?

    /// Connects and migrates the tables.
    /// - Parameter connections: the number of connections kept open.
    package static func open(
        _ url: PostgreSQLURL, connections: Int, maxTodosPerUser: Int? = nil, times: DatabaseTimes = DatabaseTimes(),
        logger: Logger
    ) async throws -> PostgreSQLStore {
        let identity = try await NIOThreadPool.singleton.runIfActive {
            var connection = try PostgreSQLConnection.connect(to: url, within: .seconds(5))
            return try PostgreSQLMigrations.run(over: &connection)
        }
        let pool = PostgreSQLPool(
            url: url, connections: connections, capacity: queueCapacity, times: times, logger: logger)
        return PostgreSQLStore(pool: pool, identity: identity, maxTodosPerUser: maxTodosPerUser)
    }

    private init(pool: PostgreSQLPool, identity: String, maxTodosPerUser: Int?) {
        self.pool = pool
        self.identity = identity
        self.maxTodosPerUser = maxTodosPerUser
    }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (inout PostgreSQLConnection) throws -> Value
    ) async throws -> Value {
        try await pool.run(.read, body)
    }

    func write<Value: Sendable>(
        _ body: @escaping @Sendable (inout PostgreSQLConnection) throws -> Value
    ) async throws -> Value {
        try await pool.run(.write, body)
    }

    package func close() async {
        await pool.shutdown()
    }
}
