import Testing

@testable import TodoServer

@Suite(.timeLimit(.minutes(1))) struct MetricsTests {
    /// What is counted is what the client was told.
    @Test func countsWhatWasAnswered() async throws {
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

    @Test func tellsThatRedisIsAway() async throws {
        try await RunningServer.with({ $0.redis = try? RedisURL(parsing: "redis://127.0.0.1:1") }) { server in
            let client = try await RawClient.connect(to: server)
            _ = try await client.get("/todos", token: client.token())
            let lines = try await client.get("/metrics").body.split(separator: "\n")
            #expect(lines.contains("todo_redis_up 0"))
            #expect(lines.contains(#"todo_cache_requests_total{result="bypass"} 1"#))
        }
    }
}
