import Testing

@testable import TodoServer

@Suite(.timeLimit(.minutes(1))) struct MetricsTests {
    @Test("the metrics count every response, lookup and decision")
    func countsWhatWasAnswered() async throws {
        try await RunningServer.with({ $0.rateLimit = RateLimitPolicy(limit: 6, windowSeconds: 60) }) { server in
            let client = try await RawClient.connect(to: server)
            let token = try await client.token()
            _ = try await client.get("/todos")
            _ = try await client.get("/nope")
            _ = try await client.request("PUT", "/todos")
            _ = try await client.get("/todos", token: token)
            _ = try await client.get("/todos", token: token)
            _ = try await client.request("HEAD", "/todos", token: token)
            _ = try await client.post("{}", token: token)
            _ = try await client.post(#"{"title":"a"}"#, token: token)
            _ = try await client.get("/todos/7", token: token)
            for _ in 0..<3 { _ = try await client.get("/todos", token: token) }
            let malformed = try await RawClient.connect(to: server)
            try await malformed.send("nonsense\r\n\r\n")
            _ = try await malformed.response()

            let page = try await client.get("/metrics")
            #expect(page.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
            let lines = page.body.split(separator: "\n")
            let samples = lines.filter { !$0.hasPrefix("#") }.map(String.init)
            #expect(
                samples.filter { $0.hasPrefix("todo_http_requests_total") }.sorted() == [
                    #"todo_http_requests_total{method="GET",route="/todos",status="200"} 3"#,
                    #"todo_http_requests_total{method="GET",route="/todos",status="401"} 1"#,
                    #"todo_http_requests_total{method="GET",route="/todos",status="429"} 3"#,
                    #"todo_http_requests_total{method="GET",route="/todos/{id}",status="404"} 1"#,
                    #"todo_http_requests_total{method="POST",route="/login",status="200"} 1"#,
                    #"todo_http_requests_total{method="POST",route="/todos",status="201"} 1"#,
                    #"todo_http_requests_total{method="POST",route="/todos",status="422"} 1"#,
                    #"todo_http_requests_total{method="other",route="/todos",status="405"} 1"#,
                    #"todo_http_requests_total{method="other",route="other",status="400"} 1"#,
                    #"todo_http_requests_total{method="other",route="other",status="404"} 1"#,
                ])
            #expect(samples.contains(#"todo_cache_requests_total{result="hit"} 2"#))
            #expect(samples.contains(#"todo_cache_requests_total{result="miss"} 1"#))
            #expect(samples.contains(#"todo_cache_requests_total{result="bypass"} 0"#))
            #expect(samples.contains(#"todo_rate_limit_decisions_total{bucket="default",decision="admitted"} 6"#))
            #expect(samples.contains(#"todo_rate_limit_decisions_total{bucket="default",decision="denied"} 3"#))
            #expect(lines.filter { $0.hasPrefix("# TYPE todo_http_requests_total") }.count == 1)
        }
    }

    /// Compares hits, misses and every rejection, with Redis.
    @Test("with concurrent clients, the metrics match what the clients observed")
    func countsLikeItsClients() async throws {
        try await TestRedis.with { redis in
            try await RunningServer.with({
                $0.redis = redis.url
                $0.rateLimit = RateLimitPolicy(limit: 500, windowSeconds: 600)
            }) { server in
                let client = try await RawClient.connect(to: server)
                let token = try await client.token()
                let seen = try await withThrowingTaskGroup(of: [String: Int].self) { group in
                    for number in 0..<8 {
                        group.addTask {
                            let client = try await RawClient.connect(to: server)
                            var seen: [String: Int] = [:]
                            for round in 0..<100 {
                                let answer =
                                    switch (number + round) % 10 {
                                    case 0: try await client.get("/todos")
                                    case 1: try await client.get("/todos", token: token + "x")
                                    case 2: try await client.post(#"{"title":""}"#, token: token)
                                    case 3: try await client.post(#"{"title":"a"}"#, token: token)
                                    default: try await client.get("/todos", token: token)
                                    }
                                seen[answer.source ?? "\(answer.status)", default: 0] += 1
                            }
                            return seen
                        }
                    }
                    return try await group.reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) }
                }
                let page = try await client.get("/metrics").body
                func counted(_ name: String, _ label: String) -> Int {
                    let lines = page.split(separator: "\n").filter { $0.hasPrefix(name + "{") && $0.contains(label) }
                    return lines.compactMap { $0.split(separator: " ").last.flatMap { Int($0) } }.reduce(0, +)
                }
                let requests = "todo_http_requests_total"
                #expect(counted("todo_cache_requests_total", #"result="hit""#) == seen["cache"])
                #expect(counted("todo_cache_requests_total", #"result="miss""#) == seen["db"])
                #expect(counted(requests, #"status="201""#) == seen["201"])
                #expect(counted(requests, #"status="401""#) == 160 && seen["401"] == 160)
                #expect(counted(requests, #"status="422""#) == seen["422"])
                #expect(counted(requests, #"status="429""#) == 140 && seen["429"] == 140)
                #expect(seen.values.reduce(0, +) == 800 && seen.count == 6, "\(seen)")
            }
        }
    }

    @Test("the metrics show that Redis is unavailable")
    func tellsThatRedisIsAway() async throws {
        try await RunningServer.with({ $0.redis = try? RedisURL(parsing: "redis://127.0.0.1:1") }) { server in
            let client = try await RawClient.connect(to: server)
            _ = try await client.get("/todos", token: client.token())
            let lines = try await client.get("/metrics").body.split(separator: "\n")
            #expect(lines.contains("todo_redis_up 0"))
            #expect(lines.contains(#"todo_cache_requests_total{result="bypass"} 1"#))
        }
    }
}
