import NIOCore
import Testing

@testable import TodoServer

/// Everything that the server stores in Redis expires.
@Suite(.timeLimit(.minutes(1))) struct RedisKeysTests {
    @Test("every key expires", arguments: RateLimitPolicy.Kind.allCases)
    func noKeyLivesForEver(_ kind: RateLimitPolicy.Kind) async throws {
        try await TestRedis.with { redis in
            try await RunningServer.with({
                $0.redis = redis.url
                $0.rateLimit = RateLimitPolicy(limit: 5, windowSeconds: 60)
                $0.loginRateLimit = RateLimitPolicy(limit: 10, windowSeconds: 60)
                $0.rateLimitKind = kind
            }) { server in
                let client = try await RawClient.connect(to: server)
                let token = try await client.token()
                _ = try await client.post(#"{"title":"a"}"#, token: token)
                // Covers admitted and denied requests, new and existing counters, and a stored list.
                for _ in 0..<6 { _ = try await client.get("/todos", token: token) }
            }
            guard case .array(let keys) = try await redis.command(RedisCommand("KEYS", .text("*"))) else {
                Issue.record("Redis lists no keys")
                return
            }
            #expect(keys.count >= 3, "two counters and a list")
            for case .bulk(let key) in keys {
                guard case .integer(let left) = try await redis.command(RedisCommand("PTTL", .bytes(key))) else {
                    Issue.record("Redis returns no time to live for \(String(buffer: key))")
                    continue
                }
                #expect((1...60_000).contains(left), "\(String(buffer: key))")
            }
        }
    }
}
