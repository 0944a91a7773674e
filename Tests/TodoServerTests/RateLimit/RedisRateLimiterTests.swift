import NIOCore
import Testing
import TestSupport

@testable import TodoServer

/// The counters in Redis: after its clock was set back, and alongside servers with other settings.
@Suite(.timeLimit(.minutes(1))) struct RedisRateLimiterTests {
    private static let client = "127.0.0.1"

    private static func limiter(
        _ redis: RedisClient, _ policy: RateLimitPolicy, database: String = "one"
    ) -> RedisRateLimiter {
        RedisRateLimiter(
            bucket: RateLimitBucket(name: "default", policy: policy, metrics: Metrics()), redis: redis,
            namespace: database)
    }

    private static func admitted(_ limiter: RedisRateLimiter, of requests: Int) async -> Int {
        var count = 0
        for _ in 0..<requests where await limiter.admit(client).isAdmitted { count += 1 }
        return count
    }

    private static func onlyKey(in redis: RedisClient) async throws -> RedisCommand.Argument {
        guard case .array(let keys) = try await redis.send(RedisCommand("KEYS", .text("todo:limit:*"))).get(),
            keys.count == 1, case .bulk(let key) = keys[0]
        else { throw NeverHappened(description: "one key") }
        return .bytes(key)
    }

    private static func milliseconds(of key: RedisCommand.Argument, in redis: RedisClient) async throws -> Int64 {
        guard case .integer(let left) = try await redis.send(RedisCommand("PTTL", key)).get() else {
            throw NeverHappened(description: "a time to live")
        }
        return left
    }

    @Test("servers with different databases do not share a limit", arguments: RateLimitPolicy.Kind.allCases)
    func databasesAreApart(_ kind: RateLimitPolicy.Kind) async throws {
        try await TestRedis.with { redis in
            try await redis.withClient { redis in
                let policy = RateLimitPolicy(limit: 5, windowSeconds: 60, kind: kind)
                let one = Self.limiter(redis, policy, database: "one")
                let other = Self.limiter(redis, policy, database: "other")
                #expect(await Self.admitted(one, of: 8) == 5)
                #expect(await Self.admitted(other, of: 8) == 5)
            }
        }
    }

    @Test("a changed policy starts with a new counter", arguments: RateLimitPolicy.Kind.allCases)
    func policiesAreApart(_ kind: RateLimitPolicy.Kind) async throws {
        try await TestRedis.with { redis in
            try await redis.withClient { redis in
                let other: RateLimitPolicy.Kind = kind == .fixedWindow ? .slidingWindow : .fixedWindow
                let policies = [
                    RateLimitPolicy(limit: 5, windowSeconds: 60, kind: kind),
                    RateLimitPolicy(limit: 3, windowSeconds: 60, kind: kind),
                    RateLimitPolicy(limit: 5, windowSeconds: 30, kind: kind),
                    RateLimitPolicy(limit: 5, windowSeconds: 60, kind: other),
                ]
                for policy in policies {
                    #expect(await Self.admitted(Self.limiter(redis, policy), of: 8) == policy.limit)
                }
            }
        }
    }

    /// After the clock is set back by an hour, a key has a time to live of more than an hour, or none.
    @Test("a key that outlives its window is shortened", arguments: [5, 2], ["PEXPIRE", "PERSIST"])
    func longLivesAreShortened(_ before: Int, _ command: String) async throws {
        for kind in RateLimitPolicy.Kind.allCases {
            try await TestRedis.with { redis in
                try await redis.withClient { redis in
                    let limiter = Self.limiter(redis, RateLimitPolicy(limit: 5, windowSeconds: 60, kind: kind))
                    #expect(await Self.admitted(limiter, of: before) == before)
                    let key = try await Self.onlyKey(in: redis)
                    _ = try await redis.send(
                        command == "PERSIST"
                            ? RedisCommand("PERSIST", key) : RedisCommand("PEXPIRE", key, .text("3660000"))
                    ).get()
                    let next = await limiter.admit(Self.client)
                    #expect(next.isAdmitted == (before < 5))
                    #expect((1...60_000).contains(next.resetMilliseconds))
                    // A sliding window's list outlives the window by one millisecond.
                    #expect((1...60_001).contains(try await Self.milliseconds(of: key, in: redis)))
                    #expect(await Self.admitted(limiter, of: 8) == max(0, 4 - before))
                }
            }
        }
    }

    @Test("admissions in the future count as made now")
    func futureAdmissions() async throws {
        try await TestRedis.with { redis in
            try await redis.withClient { redis in
                let limiter = Self.limiter(
                    redis, RateLimitPolicy(limit: 5, windowSeconds: 60, kind: .slidingWindow))
                _ = await limiter.admit(Self.client)
                let key = try await Self.onlyKey(in: redis)
                _ = try await redis.send(RedisCommand("DEL", key)).get()
                // One admission within the last second, and three from before the clock was set back by an hour.
                let now = WallClock.milliseconds * 1000
                for time in [now - 300_000, now + 3_600_000_000, now + 3_600_100_000, now + 3_600_200_000] {
                    _ = try await redis.send(RedisCommand("RPUSH", key, .text(String(time)))).get()
                }
                _ = try await redis.send(RedisCommand("PEXPIRE", key, .text("3601201"))).get()
                #expect(await Self.admitted(limiter, of: 8) == 1)
                guard
                    case .array(let times) = try await redis.send(
                        RedisCommand("LRANGE", key, .text("0"), .text("-1"))
                    ).get()
                else { throw NeverHappened(description: "a list of times") }
                #expect(times.count == 5)
                for case .bulk(let time) in times {
                    #expect(try #require(Int64(String(buffer: time))) < now + 60_000_000, "none is in the future")
                }
                #expect((1...60_000).contains(await limiter.admit(Self.client).resetMilliseconds))
                #expect((1...60_001).contains(try await Self.milliseconds(of: key, in: redis)))
            }
        }
    }
}
