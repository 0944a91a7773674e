import Logging
import ServiceLifecycle

@testable import TodoServer

/// A server that really listens, on a free port of loopback, with a database of its own.
struct RunningServer: Sendable {
    let port: Int
    private let services: ServiceGroup

    /// Begins the graceful shutdown.
    func stop() async {
        await services.triggerGracefulShutdown()
    }

    /// Runs a server for the time of a closure.
    static func with<Value: Sendable>(
        _ change: (inout Configuration) -> Void = { _ in }, _ body: (RunningServer) async throws -> Value
    ) async throws -> Value {
        try await withTemporaryDirectory { directory in
            var configuration = Configuration()
            configuration.port = 0
            configuration.database = .sqlite(path: directory + "/todos.sqlite")
            configuration.bcryptCost = 4
            configuration.threads = 2
            configuration.rateLimit = nil
            configuration.loginRateLimit = nil
            configuration.tokenSecret = "a secret for tests, of 32 bytes or more"
            change(&configuration)
            let (urls, continuation) = AsyncStream.makeStream(of: String.self)
            var logger = Logger(label: "test")
            logger.logLevel = .critical
            let application = try Application(configuration, logger: logger) { continuation.yield($0) }
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
}
