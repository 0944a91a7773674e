import Logging
import NIOCore
import NIOPosix

/// Where the cache and the rate limits live: in this process, or in Redis.
struct Backend {
    private enum Place {
        case memory(EmbeddedTodoCache)
        case redis(RedisClient, RedisTodoCache)
    }

    private let place: Place
    private let metrics: Metrics
    private let limitKind: RateLimitPolicy.Kind
    private let database: String

    /// - Parameter database: the database's identity. Its cache and limits are stored under it in Redis.
    init(
        _ configuration: Configuration, database: String, group: MultiThreadedEventLoopGroup, metrics: Metrics,
        logger: Logger
    ) async throws {
        self.metrics = metrics
        limitKind = configuration.rateLimitKind
        self.database = database
        let lifetime = TimeAmount.seconds(Int64(configuration.cacheLifetime))
        guard let url = configuration.redis else {
            place = .memory(EmbeddedTodoCache(lifetime: lifetime))
            return
        }
        let client = try await RedisClient.connect(
            to: url, authorities: configuration.redisCAFile,
            timeout: .milliseconds(Int64(configuration.redisTimeout)), on: group, logger: logger)
        let cache = RedisTodoCache(redis: client, namespace: database, lifetime: lifetime)
        client.onReady { Task { await cache.payDebts() } }
        place = .redis(client, cache)
    }

    var redis: RedisClient? {
        if case .redis(let client, _) = place { client } else { nil }
    }

    var cache: any TodoCache {
        switch place {
        case .memory(let cache): cache
        case .redis(_, let cache): cache
        }
    }

    /// A limiter with this name; nil if the limit is off.
    func limiter(_ name: String, _ policy: RateLimitPolicy?) -> (any RateLimiter)? {
        guard let bucket = bucket(name, policy) else { return nil }
        switch place {
        case .memory: return EmbeddedRateLimiter(bucket: bucket)
        case .redis(let client, _): return RedisRateLimiter(bucket: bucket, redis: client, namespace: database)
        }
    }

    /// A limiter with this name that also looks up lists; nil if the limit is off.
    func listLimiter(_ name: String, _ policy: RateLimitPolicy?) -> (any ListLimiter)? {
        guard let bucket = bucket(name, policy) else { return nil }
        switch place {
        case .memory(let cache):
            return SeparateListLimiter(limiter: EmbeddedRateLimiter(bucket: bucket), cache: cache)
        case .redis(let client, let cache):
            return RedisListLimiter(
                limiter: RedisRateLimiter(bucket: bucket, redis: client, namespace: database), cache: cache)
        }
    }

    private func bucket(_ name: String, _ policy: RateLimitPolicy?) -> RateLimitBucket? {
        guard var policy else { return nil }
        policy.kind = limitKind
        return RateLimitBucket(name: name, policy: policy, metrics: metrics)
    }

    func shutdown() async {
        guard case .redis(let client, let cache) = place else { return }
        await cache.close()
        await client.shutdown()
    }
}
