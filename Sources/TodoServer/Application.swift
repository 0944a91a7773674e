import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// Builds the server's parts and connects them.
package struct Application: Service {
    private let configuration: Configuration
    private let logger: Logger
    private let onListening: @Sendable (String) -> Void
    /// Wraps the store; tests use it to add delays.
    package var interpose: @Sendable (any Store) -> any Store = { $0 }

    /// - Parameter onListening: called once, with the base URL that was bound: `http://127.0.0.1:8000`.
    package init(
        _ configuration: Configuration, logger: Logger, onListening: @escaping @Sendable (String) -> Void
    ) throws(Configuration.Invalid) {
        try configuration.validate()
        self.configuration = configuration
        self.logger = logger
        self.onListening = onListening
    }

    /// Serves until graceful shutdown, then releases all resources.
    package func run() async throws {
        let store = interpose(try await openStore())
        let bcrypt = WorkerPool(
            name: "passwords", threads: max(1, configuration.threads / 2), capacity: 16 * configuration.threads)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: configuration.threads)
        let result: Result<Void, any Error>
        do {
            try await serve(store: store, bcrypt: bcrypt, group: group)
            result = .success(())
        } catch {
            result = .failure(error)
        }
        // The event loops stop last, because the others deliver their last results on them.
        await bcrypt.shutdown()
        await store.close()
        try? await group.shutdownGracefully()
        try result.get()
    }

    private func serve(store: any Store, bcrypt: WorkerPool, group: MultiThreadedEventLoopGroup) async throws {
        let passwords = Passwords(cost: configuration.bcryptCost, pool: bcrypt)
        let users = PreparedUsers(users: store, preparation: prepareAdministrator(store, passwords))
        let metrics = Metrics()
        let backend = try await Backend(
            configuration, database: store.identity, group: group, metrics: metrics, logger: logger)
        let keys = tokenKeys()
        let todos = TodoRoutes(
            authenticator: Authenticator(keys: keys, users: users), store: store,
            lists: TodoLists(store: store, cache: backend.cache),
            writes: TodoWrites(
                cache: backend.cache, withoutRedis: configuration.writesWithoutRedis, metrics: metrics),
            counters: CacheCounters(in: metrics),
            limiter: backend.listLimiter("default", configuration.rateLimit), limitKey: configuration.rateLimitKey)
        let loginLimiter = backend.limiter("login", configuration.loginRateLimit)
        let login = LoginRoute(
            users: users, passwords: passwords, key: keys.current, tokenLifetime: configuration.tokenLifetime,
            limiter: loginLimiter)
        let register = RegisterRoute(users: users, passwords: passwords, limiter: loginLimiter)
        let dependencies = Dependencies(store: store, redis: backend.redis)
        let health = HealthRoutes(dependencies: dependencies)

        let routes =
            login.routes + register.routes + todos.routes + health.routes + MetricsRoute(metrics: metrics).routes
        let connections = ConnectionCount(
            limit: configuration.maxConnections, limitPerAddress: configuration.maxConnectionsPerAddress,
            metrics: metrics)
        metrics.gauge("todo_database_up", "Whether the database responds.") {
            await dependencies.state().hasDatabase ? 1 : 0
        }
        if backend.redis != nil {
            metrics.gauge("todo_redis_up", "Whether Redis is connected, takes writes and runs scripts.") {
                await dependencies.state().hasRedis == true ? 1 : 0
            }
        }
        metrics.gauge("todo_connections", "Open client connections.") { connections.current }
        let assets = try configuration.docsAssets.map { path throws(StartupError) in try DocsAssets(directory: path) }
        let docs = DocsRoutes(describing: routes, assets: assets)
        let router = Router(
            routes + docs.routes, pathHeaders: TodoRoutes.pathHeaders, metrics: metrics, logger: logger)
        let server = HTTPServer(
            host: configuration.host, port: configuration.port, limits: configuration.limits,
            connections: connections, proxies: configuration.trustedProxies, group: group, logger: logger,
            responder: router.responder,
            onListening: onListening)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            // If the administrator cannot be created, the server stops.
            group.addTask { try await users.preparation.value }
            try await group.waitForAll()
        }
        await backend.shutdown()
    }

    private func prepareAdministrator(_ store: any Store, _ passwords: Passwords) -> Task<Void, any Error> {
        Task { [password = configuration.adminPassword] in
            do {
                try await Administrator(users: store, passwords: passwords).prepare(password: password)
            } catch {
                throw StartupError(description: "cannot create the user \(Administrator.name): \(error)")
            }
        }
    }

    private func openStore() async throws -> any Store {
        do {
            return try await configuration.database.open(
                connections: configuration.databaseConnections, maxTodosPerUser: configuration.maxTodosPerUser,
                times: configuration.databaseTimes, logger: logger)
        } catch {
            throw StartupError(description: "cannot open the database \(configuration.database): \(error)")
        }
    }

    private func tokenKeys() -> TokenKeys {
        func key(_ secret: String?) -> TokenKey? { secret.flatMap { TokenKey(secret: Array($0.utf8)) } }
        if let current = key(configuration.tokenSecret) {
            return TokenKeys(current: current, previous: key(configuration.previousTokenSecret))
        }
        logger.warning("no token secret is set: tokens do not survive a restart and are not valid on other instances")
        return TokenKeys(current: .random())
    }
}

extension Application: CustomStringConvertible, CustomDebugStringConvertible {
    /// Logged by the service group, so it omits the parts, which hold secrets.
    package var description: String { "Application" }
    package var debugDescription: String { description }
}
