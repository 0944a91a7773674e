/// Counts in Redis: exact over all instances that share it. While Redis is away each instance counts for itself.
package final class RedisRateLimiter: RateLimiter {
    package let bucket: RateLimitBucket
    let redis: RedisClient
    private let fallback: EmbeddedRateLimiter
    private let script: RedisScript
    private let keyPrefix: String
    private let window: String
    private let limit: String

    package init(bucket: RateLimitBucket, redis: RedisClient) {
        self.bucket = bucket
        self.redis = redis
        self.fallback = EmbeddedRateLimiter(bucket: bucket)
        switch bucket.policy.kind {
        case .fixedWindow:
            script = Self.fixedWindow
            keyPrefix = "todo:limit:\(bucket.name):"
        case .slidingWindow:
            script = Self.slidingWindow
            keyPrefix = "todo:limit:sliding:\(bucket.name):"
        }
        window = String(bucket.policy.windowMilliseconds)
        limit = String(bucket.policy.limit)
    }

    /// Counts and sets the end of the window in one step, so that no key is ever without one. What is past the
    /// limit raises the number only: the end stays, so it neither counts nor prolongs.
    private static let fixedWindow = RedisScript(
        """
        local count = redis.call('INCR', KEYS[1])
        local left = redis.call('PTTL', KEYS[1])
        if left < 0 then
          redis.call('PEXPIRE', KEYS[1], ARGV[1])
          left = tonumber(ARGV[1])
        end
        return {count, left}
        """)

    /// A list of the admissions that count, in microseconds of Redis' own clock: one clock for all instances.
    /// The list outlives its last admission by a millisecond, for the clock of expiry is the coarser one.
    private static let slidingWindow = RedisScript(
        """
        local time = redis.call('TIME')
        local now = time[1] * 1000000 + time[2]
        local window = ARGV[1] * 1000
        local oldest = tonumber(redis.call('LINDEX', KEYS[1], 0))
        while oldest and oldest + window <= now do
          redis.call('LPOP', KEYS[1])
          oldest = tonumber(redis.call('LINDEX', KEYS[1], 0))
        end
        local count = redis.call('LLEN', KEYS[1]) + 1
        if count <= tonumber(ARGV[2]) then
          redis.call('RPUSH', KEYS[1], string.format('%.0f', now))
          redis.call('PEXPIRE', KEYS[1], ARGV[1] + 1)
        end
        return {count, math.min(ARGV[1], math.ceil(((oldest or now) + window - now) / 1000))}
        """)

    package func admit(_ key: String) async -> Admission {
        await admission(redis.evaluate(call(key)), of: key)
    }

    /// The question that `admission` understands the answer of.
    func call(_ key: String) -> RedisScript.Call {
        script.call(key: keyPrefix + key, .text(window), .text(limit))
    }

    func admission(_ reply: RedisResult, of key: String) async -> Admission {
        guard case .success(.array(let values)) = reply, values.count == 2,
            case .integer(let count) = values[0], case .integer(let left) = values[1]
        else { return await fallback.admit(key) }
        return Admission(count: Int(count), policy: bucket.policy, resetMilliseconds: left)
    }
}
