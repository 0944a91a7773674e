import Logging
import ServiceLifecycle
import TestSupport

@testable import TodoServer

/// A server that listens on a free loopback port, with a database of its own.
struct RunningServer: Sendable {
    let port: Int
    private let services: ServiceGroup

    /// Begins the graceful shutdown.
    func stop() async {
        await services.triggerGracefulShutdown()
    }

    /// Runs a server while a closure runs.
    static func with<Value: Sendable>(
        _ change: (inout Configuration) -> Void = { _ in },
        interpose: @escaping @Sendable (any Store) -> any Store = { $0 }, _ body: (RunningServer) async throws -> Value
    ) async throws -> Value {
        try await TemporaryDirectory.with { directory in
            var configuration = Configuration()
            configuration.port = 0
            configuration.database = .sqlite(path: directory + "/todos.sqlite")
            configuration.bcryptCost = 4
            configuration.threads = 2
            configuration.maxTodosPerUser = nil
            configuration.rateLimit = nil
            configuration.loginRateLimit = nil
            configuration.tokenSecret = "a secret for tests, of 32 bytes or more"
            change(&configuration)
            let (urls, continuation) = AsyncStream.makeStream(of: String.self)
            var logger = Logger(label: "test")
            logger.logLevel = .critical
            var application = try Application(configuration, logger: logger) { continuation.yield($0) }
            application.interpose = interpose
            let services = ServiceGroup(
                configuration: .init(
                    services: [.init(service: application, successTerminationBehavior: .gracefullyShutdownGroup)],
                    logger: logger))
            return try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    defer { continuation.finish() }
                    try await services.run()
                }
                guard let port = await urls.first(where: { _ in true })?.split(separator: ":").last.flatMap({ Int($0) })
                else {
                    try await group.waitForAll()
                    throw NeverListened()
                }
                let value = try await body(RunningServer(port: port, services: services))
                await services.triggerGracefulShutdown()
                try await group.waitForAll()
                return value
            }
        }
    }

    struct NeverListened: Error {}

    /// Runs two servers with a new Redis and a new PostgreSQL database.
    static func withTwo<Value: Sendable>(
        _ change: (inout Configuration) -> Void = { _ in },
        interpose: @escaping @Sendable (any Store) -> any Store = { $0 },
        _ body: ([RunningServer]) async throws -> Value
    ) async throws -> Value {
        try await TestRedis.with { redis in
            try await withTwo(sharing: redis.url, change, interpose: interpose, body)
        }
    }

    /// Runs two servers with this Redis and a new PostgreSQL database.
    static func withTwo<Value: Sendable>(
        sharing redis: RedisURL, _ change: (inout Configuration) -> Void = { _ in },
        interpose: @escaping @Sendable (any Store) -> any Store = { $0 },
        _ body: ([RunningServer]) async throws -> Value
    ) async throws -> Value {
        let database = DatabaseAddress.postgreSQL(try await TestPostgreSQL.newDatabase())
        func share(_ configuration: inout Configuration) {
            configuration.database = database
            configuration.databaseConnections = 4
            configuration.redis = redis
            change(&configuration)
        }
        return try await with(share, interpose: interpose) { one in
            try await with(share, interpose: interpose) { other in try await body([one, other]) }
        }
    }
}
