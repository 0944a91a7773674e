import NIOCore
import Testing

@testable import TodoServer

/// Counts the Redis commands for a request of a list.
@Suite(.timeLimit(.minutes(1))) struct RedisListLimiterTests {
    private func withServer(
        limit: Int, kind: RateLimitPolicy.Kind = .fixedWindow,
        _ body: (TestRedis, RawClient, _ token: String) async throws -> Void
    ) async throws {
        try await TestRedis.with { redis in
            try await RunningServer.with({
                $0.redis = redis.url
                $0.rateLimit = RateLimitPolicy(limit: limit, windowSeconds: 600)
                $0.rateLimitKind = kind
                $0.threads = 1
            }) { server in
                let client = try await RawClient.connect(to: server)
                let token = try await client.token()
                try await body(redis, client, token)
            }
        }
    }

    @Test("a denied request does not read the list", arguments: RateLimitPolicy.Kind.allCases)
    func aDeniedRequestReadsNoList(_ kind: RateLimitPolicy.Kind) async throws {
        try await withServer(limit: 2, kind: kind) { redis, client, token in
            for source in ["db", "cache"] { #expect(try await client.get("/todos", token: token).source == source) }
            let before = try await redis.calls()
            for _ in 0..<5 { #expect(try await client.get("/todos", token: token).status == 429) }
            let after = try await redis.calls()
            #expect(after["evalsha", default: 0] - before["evalsha", default: 0] == 5)
            for command in ["get", "getrange"] { #expect(after[command] == before[command], "\(command)") }
        }
    }

    @Test("a cached read is one command")
    func aCachedReadIsOneCommand() async throws {
        try await withServer(limit: 1000) { redis, client, token in
            for source in ["db", "cache"] { #expect(try await client.get("/todos", token: token).source == source) }
            let before = try await redis.calls()
            for _ in 0..<10 { #expect(try await client.get("/todos", token: token).source == "cache") }
            let after = try await redis.calls()
            #expect(after["evalsha", default: 0] - before["evalsha", default: 0] == 10)
            // The commands of the script, and the greeting of the test's own connection.
            for (command, count) in after
            where !["evalsha", "incr", "pttl", "get", "ping", "info"].contains(command) {
                #expect(count == before[command], "\(command)")
            }
        }
    }

    /// The script returns the beginning of a long list, and a separate command fetches it.
    @Test("a long list is returned in full", arguments: [10, 19, 20, 21, 22, 300])
    func longListsArriveWhole(_ count: Int) async throws {
        try await withServer(limit: 100_000) { _, client, token in
            let title = String(repeating: "x", count: 160)
            for _ in 0..<count { _ = try await client.post(#"{"title":"\#(title)"}"#, token: token) }
            let list = try await client.get("/todos", token: token)
            #expect(list.titles == Array(repeating: title, count: count))
            for _ in 0..<3 {
                let cached = try await client.get("/todos", token: token)
                #expect(cached.source == "cache" && cached.titles == list.titles)
            }
        }
    }

    @Test("the script returns only the beginning of a list that is known to be long, until it is short again")
    func longListsAreRemembered() async throws {
        try await withServer(limit: 100_000) { redis, client, token in
            let title = String(repeating: "x", count: 160)
            for _ in 0..<30 { _ = try await client.post(#"{"title":"\#(title)"}"#, token: token) }
            _ = try await client.get("/todos", token: token)
            func commands() async throws -> [String: Int] {
                let before = try await redis.calls()
                #expect(try await client.get("/todos", token: token).source == "cache")
                let after = try await redis.calls()
                return ["get", "getrange"].reduce(into: [:]) {
                    $0[$1] = after[$1, default: 0] - before[$1, default: 0]
                }
            }
            #expect(try await commands() == ["get": 1, "getrange": 0])
            #expect(try await commands() == ["get": 1, "getrange": 1])
            for id in 2...30 { _ = try await client.delete("/todos/\(id)", token: token) }
            _ = try await client.get("/todos", token: token)
            #expect(try await commands() == ["get": 0, "getrange": 1])
            #expect(try await commands() == ["get": 1, "getrange": 0])
        }
    }
}

extension TestRedis {
    /// The number of executions of each command, by clients and by scripts.
    fileprivate func calls() async throws -> [String: Int] {
        var calls: [String: Int] = [:]
        for line in try await info("commandstats") {
            // cmdstat_get:calls=1,usec=…
            let parts = line.split(whereSeparator: { ":=,".contains($0) })
            if parts.count > 2, parts[0].hasPrefix("cmdstat_") { calls[String(parts[0].dropFirst(8))] = Int(parts[2]) }
        }
        return calls
    }

    private func info(_ section: String) async throws -> [Substring] {
        guard case .bulk(let text) = try await command(RedisCommand("INFO", .text(section))) else { return [] }
        return String(buffer: text).split(whereSeparator: \.isNewline)
    }
}
