import Logging
import NIOCore
import NIOPosix

/// Todos and users in PostgreSQL. What has returned is committed there (`synchronous_commit=on`).
package final class PostgreSQLStore: Store {
    private static let queueCapacity = 1024

    private let pool: PostgreSQLPool
    package let identity: String

    /// Connects, and brings the tables up to date.
    /// - Parameter connections: how many are kept open.
    package static func open(_ url: PostgreSQLURL, connections: Int, logger: Logger) async throws -> PostgreSQLStore {
        let identity = try await NIOThreadPool.singleton.runIfActive {
            var connection = try PostgreSQLConnection.connect(to: url, within: .seconds(5))
            return try PostgreSQLMigrations.run(over: &connection)
        }
        return PostgreSQLStore(
            pool: PostgreSQLPool(url: url, connections: connections, capacity: queueCapacity, logger: logger),
            identity: identity)
    }

    private init(pool: PostgreSQLPool, identity: String) {
        self.pool = pool
        self.identity = identity
    }

    func run<Value: Sendable>(
        _ body: @escaping @Sendable (inout PostgreSQLConnection) throws -> Value
    ) async throws -> Value {
        try await pool.run(body)
    }

    package func close() async {
        await pool.shutdown()
    }
}
