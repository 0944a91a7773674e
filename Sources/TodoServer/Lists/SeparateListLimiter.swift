/// Asks the limiter and then the cache. Best if neither waits for the network.
package struct SeparateListLimiter: ListLimiter {
    let limiter: any RateLimiter
    let cache: any TodoCache

    package init(limiter: any RateLimiter, cache: any TodoCache) {
        self.limiter = limiter
        self.cache = cache
    }

    package var bucket: RateLimitBucket { limiter.bucket }

    package func admit(_ key: String) async -> Admission { await limiter.admit(key) }

    package func admit(_ key: String, toListOf user: User.ID) async -> (Admission, CacheLookup?) {
        let admission = await limiter.admit(key)
        return (admission, admission.isAdmitted ? await cache.lookup(user) : nil)
    }
}
