/// Admits a request and looks up the list in one script: one round trip, and no list for a denied request.
package final class RedisListLimiter: ListLimiter {
    private let limiter: RedisRateLimiter
    private let cache: RedisTodoCache
    private let whole: RedisScript
    private let beginning: RedisScript

    /// - Parameter limiter: must count in the cache's Redis.
    package init(limiter: RedisRateLimiter, cache: RedisTodoCache) {
        self.limiter = limiter
        self.cache = cache
        whole = Self.script(limiter, .whole)
        beginning = Self.script(limiter, .beginning)
    }

    /// Counting writes, so a Redis that rejects writes fails here and its list is not used.
    private static func script(_ limiter: RedisRateLimiter, _ extent: RedisTodoCache.Extent) -> RedisScript {
        RedisScript(
            """
            \(limiter.counting)
            if count > \(limiter.bucket.policy.limit) then return {count, left} end
            \(extent.finding)
            return {count, left, list}
            """)
    }

    package var bucket: RateLimitBucket { limiter.bucket }

    package func admit(_ key: String) async -> Admission { await limiter.admit(key) }

    package func admit(_ key: String, toListOf user: User.ID) async -> (Admission, CacheLookup?) {
        guard await cache.isTrusted(user) else {
            let admission = await limiter.admit(key)
            return (admission, admission.isAdmitted ? .unavailable : nil)
        }
        let limitKey = limiter.redisKey(of: key)
        let extent = cache.extent(of: user)
        let answer = await cache.redis.evaluate(extent == .whole ? whole : beginning) { [cache] in
            .init(keys: limitKey, cache.key(user, in: $0))
        }
        guard case .success(.array(let values)) = answer.result, let admission = limiter.admission(values) else {
            let admission = await limiter.admitWithoutRedis(key)
            return (admission, admission.isAdmitted ? .unavailable : nil)
        }
        guard admission.isAdmitted, values.count == 3 else { return (admission, nil) }
        return (admission, await cache.lookup(user, found: values[2], extent))
    }
}
