import Foundation
import Logging
import NIOCore
import NIOPosix
import ScenarioRunner
import TestSupport

@testable import TodoServer

/// Runs a server built from the given parts in this process, as two instances on one database.
enum FaultyServer {
    struct Instances: Sendable {
        var one: BaseURL
        var other: BaseURL
    }

    static func with<Value: Sendable>(
        _ parts: Parts, _ body: @escaping @Sendable (Instances) async throws -> Value
    ) async throws -> Value {
        try await TemporaryDirectory.with { directory in
            let store = try SQLiteStore(
                path: directory + "/todos.sqlite", maxTodosPerUser: parts.maxTodosPerUser)
            let pool = WorkerPool(name: "passwords", threads: 1, capacity: 256)
            let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
            let result: Result<Value, any Error>
            do {
                let passwords = Passwords(cost: parts.bcryptCost, pool: pool)
                try await Administrator(users: store, passwords: passwords).prepare(password: nil)
                result = .success(try await run(parts, store, passwords, group, body))
            } catch {
                result = .failure(error)
            }
            try? await group.shutdownGracefully()
            await pool.shutdown()
            await store.close()
            return try result.get()
        }
    }

    private static func run<Value: Sendable>(
        _ parts: Parts, _ store: SQLiteStore, _ passwords: Passwords, _ group: MultiThreadedEventLoopGroup,
        _ body: @escaping @Sendable (Instances) async throws -> Value
    ) async throws -> Value {
        let (urls, listening) = AsyncStream.makeStream(of: (number: Int, url: String).self)
        let one = Backing(parts)
        let other = Backing(parts)
        return try await withThrowingTaskGroup(of: Value?.self) { tasks in
            for number in 0..<2 {
                var backing = number == 0 ? one : other
                if parts.sharesLimiter { backing.limiter = one.limiter }
                if parts.sharesLoginLimiter { backing.login = one.login }
                if parts.sharesCache { backing.cache = one.cache }
                let responder = responder(parts, backing, store, passwords)
                var limits = Limits()
                limits.drainLimit = .milliseconds(200)
                let server = HTTPServer(
                    host: "127.0.0.1", port: 0, limits: limits, connections: ConnectionCount(limit: 10_000),
                    proxies: [], group: group, logger: Self.logger, responder: responder,
                    onListening: { listening.yield((number, $0)) })
                tasks.addTask {
                    try await server.run()
                    return nil
                }
            }
            // They may start to listen in any order. The metrics of the first instance count the admissions of both.
            var bases: [Int: BaseURL] = [:]
            for await (number, url) in urls {
                bases[number] = BaseURL(url)
                if bases.count == 2 { break }
            }
            defer { tasks.cancelAll() }
            guard let one = bases[0], let other = bases[1] else { throw CancellationError() }
            guard let rewrite = parts.front else { return try await body(Instances(one: one, other: other)) }
            let front = try ScriptedServer { connection in
                connection.relay(toPort: one.port) { Array(rewrite(String(decoding: $0, as: UTF8.self)).utf8) }
            }
            defer { withExtendedLifetime(front) {} }
            return try await body(Instances(one: front.base, other: other))
        }
    }

    /// The parts that an instance may share with the other.
    private struct Backing {
        var cache: any TodoCache
        var limiter: any RateLimiter
        var login: (any RateLimiter)?
        let metrics = Metrics()

        init(_ parts: Parts) {
            let bucket = RateLimitBucket(name: "default", policy: parts.policy, metrics: metrics)
            let loginBucket = RateLimitBucket(name: "login", policy: parts.loginPolicy, metrics: metrics)
            cache = parts.cache(EmbeddedTodoCache(lifetime: .seconds(60)))
            limiter = parts.limiter(bucket)
            login = parts.loginLimiter(loginBucket)
        }
    }

    private static let logger: Logger = {
        var logger = Logger(label: "faulty")
        logger.logLevel = .critical
        return logger
    }()

    private static func responder(
        _ parts: Parts, _ backing: Backing, _ database: SQLiteStore, _ passwords: Passwords
    ) -> Responder {
        let store = parts.store(database, backing.cache)
        let users = parts.users(database)
        let keys = TokenKeys(current: Parts.key)
        let todos = TodoRoutes(
            authenticator: Authenticator(keys: keys, users: users), store: store,
            lists: TodoLists(store: store, cache: backing.cache),
            writes: TodoWrites(cache: backing.cache, metrics: backing.metrics),
            counters: CacheCounters(in: backing.metrics),
            limiter: SeparateListLimiter(limiter: backing.limiter, cache: backing.cache), limitKey: .ip)
        let login = LoginRoute(
            users: users, passwords: passwords, key: keys.current, tokenLifetime: parts.tokenLifetime,
            limiter: backing.login)
        let registerBucket = RateLimitBucket(name: "register", policy: parts.loginPolicy, metrics: Metrics())
        let register = RegisterRoute(
            users: users, passwords: passwords, limiter: parts.registerLimiter?(registerBucket) ?? backing.login)
        let routes =
            login.routes + register.routes + todos.routes
            + HealthRoutes(dependencies: Dependencies(store: store, redis: nil)).routes
            + MetricsRoute(metrics: backing.metrics).routes
        let router = Router(
            routes + DocsRoutes(describing: routes).routes, pathHeaders: TodoRoutes.pathHeaders,
            metrics: backing.metrics, logger: logger)
        let answers = router.responder
        return Responder(respond: parts.wrap(answers.respond, backing.limiter), refuse: answers.refuse)
    }
}
