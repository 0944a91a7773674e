/// Counts in Redis, exactly across all instances that share it. While Redis is unavailable, each instance counts alone.
package final class RedisRateLimiter: RateLimiter {
    package let bucket: RateLimitBucket
    let redis: RedisClient
    private let fallback: EmbeddedRateLimiter
    private let script: RedisScript
    /// Lua statements that count a request of the client at `KEYS[1]` and set `count` and `left` (milliseconds). Scripts
    /// that do more for an admitted request include these statements.
    let counting: String
    private let keyPrefix: String

    /// - Parameter namespace: identifies the database. Servers with different databases can share one Redis.
    package init(bucket: RateLimitBucket, redis: RedisClient, namespace: String) {
        self.bucket = bucket
        self.redis = redis
        self.fallback = EmbeddedRateLimiter(bucket: bucket)
        let policy = bucket.policy
        counting =
            switch policy.kind {
            case .fixedWindow: Self.fixedWindow(policy)
            case .slidingWindow: Self.slidingWindow(policy)
            }
        script = RedisScript(counting + "\nreturn {count, left}")
        // The policy is part of the key, because a count for another limit or window does not carry over.
        keyPrefix =
            "todo:limit:\(namespace):\(bucket.name):\(policy.kind.rawValue):\(policy.limit)/\(policy.windowSeconds)s:"
    }

    // The policy is part of each script's text, so that Lua converts no arguments. Constants are passed to commands as
    // text, because Redis is slow at turning Lua's numbers into text.

    /// Counts and sets the end of the window atomically, so every key expires.
    ///
    /// A denied request increments the number but leaves the end, so it does not extend the window. If Redis' clock was
    /// set back, a window that would end more than one length from now is shortened.
    private static func fixedWindow(_ policy: RateLimitPolicy) -> String {
        """
        local call = redis.call
        local count = call('INCR', KEYS[1])
        local left = call('PTTL', KEYS[1])
        if left < 0 or left > \(policy.windowMilliseconds) then
          call('PEXPIRE', KEYS[1], '\(policy.windowMilliseconds)')
          left = \(policy.windowMilliseconds)
        end
        """
    }

    /// Keeps a list of admission times, in microseconds on Redis' clock, which all instances share.
    ///
    /// The list outlives its last admission by a millisecond, because key expiry has millisecond resolution. Admissions
    /// that lie in the future, because the clock was set back, are moved to now: their true age is unknown.
    private static func slidingWindow(_ policy: RateLimitPolicy) -> String {
        """
        local call = redis.call
        local time = call('TIME')
        local now = time[1] * 1000000 + time[2]
        local window = \(policy.windowMilliseconds * 1000)
        local newest = tonumber(call('LINDEX', KEYS[1], '-1'))
        local index = -1
        while newest and newest > now do
          call('LSET', KEYS[1], index, string.format('%.0f', now))
          index = index - 1
          newest = tonumber(call('LINDEX', KEYS[1], index))
        end
        local oldest = tonumber(call('LINDEX', KEYS[1], '0'))
        while oldest and oldest + window <= now do
          call('LPOP', KEYS[1])
          oldest = tonumber(call('LINDEX', KEYS[1], '0'))
        end
        local count = call('LLEN', KEYS[1]) + 1
        if count <= \(policy.limit) then
          call('RPUSH', KEYS[1], string.format('%.0f', now))
          call('PEXPIRE', KEYS[1], '\(policy.windowMilliseconds + 1)')
        else
          local left = call('PTTL', KEYS[1])
          if left < 0 or left > \(policy.windowMilliseconds + 1) then
            call('PEXPIRE', KEYS[1], '\(policy.windowMilliseconds + 1)')
          end
        end
        local left = math.min(\(policy.windowMilliseconds), math.ceil(((oldest or now) + window - now) / 1000))
        """
    }

    package func admit(_ key: String) async -> Admission {
        let answer = await redis.evaluate(script) { [redisKey = redisKey(of: key)] _ in
            .init(keys: redisKey)
        }
        guard case .success(.array(let values)) = answer.result, let admission = admission(values) else {
            return await admitWithoutRedis(key)
        }
        return admission
    }

    /// The Redis key that holds a client's count.
    func redisKey(of key: String) -> String { keyPrefix + key }

    /// The decision from a script's reply; nil if the reply does not start with `count` and `left`.
    func admission(_ reply: [RedisReply]) -> Admission? {
        guard reply.count >= 2, case .integer(let count) = reply[0], case .integer(let left) = reply[1] else {
            return nil
        }
        return Admission(count: Int(count), policy: bucket.policy, resetMilliseconds: left)
    }

    /// Counts in this instance only.
    func admitWithoutRedis(_ key: String) async -> Admission { await fallback.admit(key) }
}
