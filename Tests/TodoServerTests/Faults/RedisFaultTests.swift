import Testing
import TestSupport

@testable import TodoServer

/// Makes Redis fail and recover in various ways under load.
@Suite(.timeLimit(.minutes(2)), .serialized) struct RedisFaultTests {
    enum Fault: CaseIterable, Sendable {
        case killed, paused, flushed, scriptsFlushed

        func strike(_ redis: TestRedis) async throws {
            switch self {
            case .killed: redis.kill()
            case .paused: redis.pause()
            case .flushed: _ = try await redis.command(RedisCommand("FLUSHALL"))
            case .scriptsFlushed: _ = try await redis.command(RedisCommand("SCRIPT", .text("FLUSH")))
            }
        }

        func mend(_ redis: TestRedis) async throws {
            switch self {
            case .killed: try await redis.restart()
            case .paused: redis.proceed()
            case .flushed, .scriptsFlushed: break
            }
        }

        var takesRedisAway: Bool { self == .killed || self == .paused }
    }

    @Test("requests succeed while Redis fails and recovers", arguments: Fault.allCases)
    func requestsGoOn(_ fault: Fault) async throws {
        try await TestRedis.with { redis in
            try await RunningServer.with({
                $0.redis = redis.url
                $0.rateLimit = RateLimitPolicy(limit: 1_000_000, windowSeconds: 600)
            }) { server in
                let client = try await RawClient.connect(to: server)
                let token = try await client.token()
                let traffic = try await Traffic.over(server) {
                    try await Task.sleep(for: .milliseconds(200))
                    try await fault.strike(redis)
                    let gone = ContinuousClock.now
                    if fault.takesRedisAway {
                        try await waitUntil("/ready reports the outage") {
                            try await client.get("/ready").body.contains(#""redis":"unavailable""#)
                        }
                        try await Task.sleep(for: .seconds(2))
                    }
                    try await fault.mend(redis)
                    let back = ContinuousClock.now
                    // Each event loop has its own connection. `/ready` checks all of them.
                    try await waitUntil("Redis is used again") {
                        try await client.get("/ready").body.contains(#""redis":"ok""#)
                    }
                    try await waitUntil("the cache is used again") {
                        try await client.get("/todos", token: token).source == "cache"
                    }
                    #expect(ContinuousClock.now - back < Patience.untilBack)
                    return fault.takesRedisAway ? gone..<back : nil
                }
                #expect(traffic.statuses.keys.sorted() == [200], "\(traffic.statuses)")
                try Patience.expectPromptness(of: traffic)
                print("Redis \(fault): \(traffic.samples.count) requests, p99 \(try traffic.percentile(99))")
            }
        }
    }

    @Test("a deletion that Redis missed is retried before its list is used again")
    func aMissedDeletionIsMadeUpFor() async throws {
        try await TestRedis.with { redis in
            try await RunningServer.with({
                $0.redis = redis.url
                $0.threads = 1
            }) { server in
                let client = try await RawClient.connect(to: server)
                let token = try await client.token()
                let id = try #require(try await client.post(#"{"title":"old"}"#, token: token).id)
                for source in ["db", "cache"] {
                    #expect(try await client.get("/todos", token: token).source == source)
                }
                redis.pause()
                // This read times out. From here on nothing is sent, so the deletion never reaches Redis.
                #expect(try await client.get("/todos", token: token).source == "db")
                #expect(try await client.patch("/todos/\(id)", #"{"title":"new"}"#, token: token).status == 200)
                redis.proceed()
                try await waitUntil("the cache is used again") {
                    let list = try await client.get("/todos", token: token)
                    #expect(list.titles == ["new"])
                    return list.source == "cache"
                }
            }
        }
    }

    @Test("an instance enforces the limit alone while Redis is unavailable")
    func theLimitHoldsWithoutRedis() async throws {
        try await TestRedis.with { redis in
            try await RunningServer.with({
                $0.redis = redis.url
                $0.rateLimit = RateLimitPolicy(limit: 5, windowSeconds: 600)
            }) { server in
                let client = try await RawClient.connect(to: server)
                let token = try await client.token()
                #expect(try await client.get("/todos", token: token).status == 200)
                redis.kill()
                try await waitUntil("/ready reports the outage") {
                    try await client.get("/ready").body.contains(#""redis":"unavailable""#)
                }
                var statuses: [Int] = []
                for _ in 0..<8 { try await statuses.append(client.get("/todos", token: token).status) }
                #expect(statuses == [200, 200, 200, 200, 200, 429, 429, 429])
            }
        }
    }
}
