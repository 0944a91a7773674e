/// Counts in Redis: exact over all instances that share it. While Redis is away each instance counts for itself.
package final class RedisRateLimiter: RateLimiter {
    package let bucket: RateLimitBucket
    let redis: RedisClient
    private let fallback: EmbeddedRateLimiter
    private let script: RedisScript
    /// The Lua statements that count a request of the client at `KEYS[1]`. They leave `count` and `left`, milliseconds
    /// until the window resets, behind. For scripts that do more if the request is admitted.
    let counting: String
    private let keyPrefix: String

    /// - Parameter namespace: names the database. Servers with other databases may share one Redis.
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
        // A changed policy starts over: a counter of another limit or window means something else.
        keyPrefix =
            "todo:limit:\(namespace):\(bucket.name):\(policy.kind.rawValue):\(policy.limit)/\(policy.windowSeconds)s:"
    }

    // The policy is part of the scripts' text: Lua converts no arguments. Redis turns numbers into text slowly, so
    // constants are passed to commands as text.

    /// Counts and sets the end of the window in one step, so no key is ever without one. A denied request raises the
    /// number but leaves the end, so it neither counts nor extends the window. A window that would end later than one
    /// length from now, because the clock of Redis was set back, is shortened.
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

    /// A list of the admissions that count, in microseconds on the clock of Redis: one clock for all instances.
    /// The list outlives its last admission by a millisecond, because expiry has the coarser clock. Admissions in the
    /// future, left there when the clock was set back, count from now on: when they really were is unknown.
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

    /// Where Redis counts a client's requests.
    func redisKey(of key: String) -> String { keyPrefix + key }

    /// What a script has counted; nil where its reply does not begin with `count` and `left`.
    func admission(_ reply: [RedisReply]) -> Admission? {
        guard reply.count >= 2, case .integer(let count) = reply[0], case .integer(let left) = reply[1] else {
            return nil
        }
        return Admission(count: Int(count), policy: bucket.policy, resetMilliseconds: left)
    }

    /// Counts in this instance alone.
    func admitWithoutRedis(_ key: String) async -> Admission { await fallback.admit(key) }
}
