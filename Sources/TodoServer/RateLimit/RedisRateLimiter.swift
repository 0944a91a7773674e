/// Counts in Redis: exact over all instances that share it. While Redis is away each instance counts for itself.
package struct RedisRateLimiter: RateLimiter {
    package let bucket: RateLimitBucket
    private let redis: RedisClient
    private let fallback: EmbeddedRateLimiter
    private let keyPrefix: String
    private let window: String

    package init(bucket: RateLimitBucket, redis: RedisClient) {
        self.bucket = bucket
        self.redis = redis
        self.fallback = EmbeddedRateLimiter(bucket: bucket)
        self.keyPrefix = "todo:limit:\(bucket.name):"
        self.window = String(bucket.policy.windowMilliseconds)
    }

    /// Counts and sets the end of the window in one step, so that no key is ever without one. What is past the
    /// limit raises the number only: the end stays, so it neither counts nor prolongs.
    private static let script = RedisScript(
        """
        local count = redis.call('INCR', KEYS[1])
        local left = redis.call('PTTL', KEYS[1])
        if left < 0 then
          redis.call('PEXPIRE', KEYS[1], ARGV[1])
          left = tonumber(ARGV[1])
        end
        return {count, left}
        """)

    package func admit(_ client: ClientAddress) async -> Admission {
        let reply = await redis.evaluate(Self.script, key: keyPrefix + client.key, arguments: [.text(window)])
        guard case .success(.array(let values)) = reply, values.count == 2,
            case .integer(let count) = values[0], case .integer(let left) = values[1]
        else { return await fallback.admit(client) }
        return Admission(count: Int(count), policy: bucket.policy, resetMilliseconds: left)
    }
}
