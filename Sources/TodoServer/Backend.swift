import Logging
import NIOCore
import NIOPosix

/// Where caching and counting take place: in this process, or in Redis.
struct Backend {
    let redis: RedisClient?
    let cache: any TodoCache
    private let metrics: Metrics
    private let limitKind: RateLimitPolicy.Kind
    private let database: String

    /// - Parameter database: the database's identity, which keeps its cache and its limits apart from others'.
    init(
        _ configuration: Configuration, database: String, group: MultiThreadedEventLoopGroup, metrics: Metrics,
        logger: Logger
    ) async throws {
        self.metrics = metrics
        limitKind = configuration.rateLimitKind
        self.database = database
        let lifetime = TimeAmount.seconds(Int64(configuration.cacheLifetime))
        guard let url = configuration.redis else {
            redis = nil
            cache = EmbeddedTodoCache(lifetime: lifetime)
            return
        }
        let client = try await RedisClient.connect(
            to: url, authorities: configuration.redisCAFile,
            timeout: .milliseconds(Int64(configuration.redisTimeout)), on: group, logger: logger)
        let redisCache = RedisTodoCache(redis: client, namespace: database, lifetime: lifetime)
        client.onReady { Task { await redisCache.payDebts() } }
        redis = client
        cache = redisCache
    }

    /// A limiter of this name, or nil where nothing is to be limited.
    func limiter(_ name: String, _ policy: RateLimitPolicy?) -> (any RateLimiter)? {
        guard var policy else { return nil }
        policy.kind = limitKind
        let bucket = RateLimitBucket(name: name, policy: policy, metrics: metrics)
        guard let redis else { return EmbeddedRateLimiter(bucket: bucket) }
        return RedisRateLimiter(bucket: bucket, redis: redis, namespace: database)
    }

    func shutdown() async {
        await redis?.shutdown()
    }
}
