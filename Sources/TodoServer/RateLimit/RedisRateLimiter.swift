/// Counts in Redis: exact over all instances that share it. While Redis is away each instance counts for itself.
package final class RedisRateLimiter: RateLimiter {
    package let bucket: RateLimitBucket
    let redis: RedisClient
    private let fallback: EmbeddedRateLimiter
    private let script: RedisScript
    private let keyPrefix: String
    private let window: String
    private let limit: String

    /// - Parameter namespace: names the database. Servers with other databases may share one Redis.
    package init(bucket: RateLimitBucket, redis: RedisClient, namespace: String) {
        self.bucket = bucket
        self.redis = redis
        self.fallback = EmbeddedRateLimiter(bucket: bucket)
        let policy = bucket.policy
        switch policy.kind {
        case .fixedWindow: script = Self.fixedWindow
        case .slidingWindow: script = Self.slidingWindow
        }
        // A changed policy begins anew: a counter of another limit or window means something else.
        keyPrefix =
            "todo:limit:\(namespace):\(bucket.name):\(policy.kind.rawValue):\(policy.limit)/\(policy.windowSeconds)s:"
        window = String(policy.windowMilliseconds)
        limit = String(policy.limit)
    }

    /// Counts and sets the end of the window in one step, so no key is ever without one. A denied request raises the
    /// number but leaves the end, so it neither counts nor extends the window. A window that would end later than one
    /// length from now, because the clock of Redis was set back, is shortened.
    private static let fixedWindow = RedisScript(
        """
        local count = redis.call('INCR', KEYS[1])
        local left = redis.call('PTTL', KEYS[1])
        local window = tonumber(ARGV[1])
        if left < 0 or left > window then
          redis.call('PEXPIRE', KEYS[1], ARGV[1])
          left = window
        end
        return {count, left}
        """)

    /// A list of the admissions that count, in microseconds on the clock of Redis: one clock for all instances.
    /// The list outlives its last admission by a millisecond, because expiry has the coarser clock. Admissions in the
    /// future, left there when the clock was set back, count from now on: when they really were is unknown.
    private static let slidingWindow = RedisScript(
        """
        local time = redis.call('TIME')
        local now = time[1] * 1000000 + time[2]
        local window = ARGV[1] * 1000
        local lifetime = ARGV[1] + 1
        local newest = tonumber(redis.call('LINDEX', KEYS[1], -1))
        local index = -1
        while newest and newest > now do
          redis.call('LSET', KEYS[1], index, string.format('%.0f', now))
          index = index - 1
          newest = tonumber(redis.call('LINDEX', KEYS[1], index))
        end
        local oldest = tonumber(redis.call('LINDEX', KEYS[1], 0))
        while oldest and oldest + window <= now do
          redis.call('LPOP', KEYS[1])
          oldest = tonumber(redis.call('LINDEX', KEYS[1], 0))
        end
        local count = redis.call('LLEN', KEYS[1]) + 1
        if count <= tonumber(ARGV[2]) then
          redis.call('RPUSH', KEYS[1], string.format('%.0f', now))
          redis.call('PEXPIRE', KEYS[1], lifetime)
        else
          local left = redis.call('PTTL', KEYS[1])
          if left < 0 or left > lifetime then redis.call('PEXPIRE', KEYS[1], lifetime) end
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
