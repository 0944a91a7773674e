import Testing

@testable import TodoServer

@Suite(.timeLimit(.minutes(1))) struct LimitTests {
    private static let policy = RateLimitPolicy(limit: 5, windowSeconds: 60)

    /// 50 concurrent connections over two routes.
    @Test("concurrent requests are admitted exactly up to the limit")
    func admitsExactlyTheLimit() async throws {
        let statuses = try await RunningServer.with({ $0.rateLimit = Self.policy }) { server in
            let token = try await RawClient.connect(to: server).token()
            return try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<50 {
                    group.addTask {
                        let client = try await RawClient.connect(to: server)
                        return number.isMultiple(of: 2)
                            ? try await client.get("/todos", token: token).status
                            : try await client.post(#"{"title":"a"}"#, token: token).status
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
        }
        #expect(statuses.filter { $0 < 300 }.count == 5)
        #expect(statuses.filter { $0 == 429 }.count == 45)
    }

    @Test("every response states the remaining requests, and 429 states when to retry")
    func tellsWhatIsLeft() async throws {
        try await RunningServer.with({ $0.rateLimit = Self.policy }) { server in
            let client = try await RawClient.connect(to: server)
            let token = try await client.token()
            for left in (0..<5).reversed() {
                let response = try await client.get("/todos", token: token)
                #expect(response.status == 200)
                #expect(response.headers["ratelimit-policy"] == #""default";q=5;w=60"#)
                #expect(response.headers["ratelimit"]?.hasPrefix("\"default\";r=\(left);t=") == true)
            }
            let denied = try await client.post("{", token: token)
            #expect(denied.status == 429, "the limit comes before the body")
            #expect(denied.body == #"{"detail":"Too many requests"}"#)
            #expect(denied.headers["ratelimit"]?.hasPrefix(#""default";r=0;t="#) == true)
            let seconds = try #require(denied.headers["retry-after"].flatMap { Int($0) })
            #expect((1...60).contains(seconds))
            #expect(try await client.get("/todos").status == 401, "authentication comes before the limit")
        }
    }

    @Test("401 and 405 do not count against the limit, and 422 does")
    func countsWhatTheContractCounts() async throws {
        try await RunningServer.with({ $0.rateLimit = Self.policy }) { server in
            let client = try await RawClient.connect(to: server)
            let token = try await client.token()
            for _ in 0..<10 {
                #expect(try await client.get("/todos").status == 401)
                #expect(try await client.request("PUT", "/todos").status == 405)
            }
            for _ in 0..<5 { #expect(try await client.post("{}", token: token).status == 422) }
            #expect(try await client.get("/todos", token: token).status == 429)
        }
    }

    @Test("logins have a limit of their own")
    func loginHasItsOwnBucket() async throws {
        try await RunningServer.with({
            $0.rateLimit = Self.policy
            $0.loginRateLimit = RateLimitPolicy(limit: 2, windowSeconds: 60)
        }) { server in
            let client = try await RawClient.connect(to: server)
            let token = try await client.token()
            #expect(try await client.login("").status == 422)
            let denied = try await client.login()
            #expect(denied.status == 429)
            #expect(denied.headers["ratelimit-policy"] == #""login";q=2;w=60"#)
            #expect(try await client.get("/todos", token: token).headers["ratelimit"]?.contains("r=4") == true)
        }
    }

    @Test("requests are counted by user, or by address and user")
    func countsByUserOrBoth() async throws {
        for (key, forwarded) in [(RateLimitKey.user, 429), (.ipAndUser, 200)] {
            try await RunningServer.with({
                $0.rateLimit = RateLimitPolicy(limit: 1, windowSeconds: 60)
                $0.rateLimitKey = key
                $0.trustedProxies = [try? AddressBlock(parsing: "127.0.0.1")].compactMap(\.self)
                $0.adminPassword = "another one"
            }) { server in
                let client = try await RawClient.connect(to: server)
                let ann = try await client.token(ofNewUser: "ann")
                let bob = try await client.token(ofNewUser: "bob")
                #expect(try await client.get("/todos", token: ann).status == 200)
                #expect(try await client.get("/todos", token: bob).status == 200)
                #expect(try await client.get("/todos", token: ann).status == 429)
                let elsewhere = ["X-Forwarded-For: 192.0.2.7"]
                #expect(try await client.get("/todos", token: ann, headers: elsewhere).status == forwarded, "\(key)")
            }
        }
    }

    @Test("X-Forwarded-For is only used from a trusted proxy")
    func believesProxiesAlone() async throws {
        for (proxies, forged) in [("127.0.0.0/8", 200), ("10.0.0.0/8", 429)] {
            try await RunningServer.with({
                $0.rateLimit = RateLimitPolicy(limit: 1, windowSeconds: 60)
                $0.trustedProxies = (try? AddressBlock.list(parsing: proxies)) ?? []
                $0.adminPassword = "another one"
            }) { server in
                let client = try await RawClient.connect(to: server)
                let token = try await client.token("username=admin&password=another+one")
                func get(_ fields: String...) async throws -> Int {
                    try await client.get("/todos", token: token, headers: fields.map { "X-Forwarded-For: " + $0 })
                        .status
                }
                #expect(try await get("192.0.2.7") == 200)
                #expect(try await get("192.0.2.8") == forged)
                #expect(try await get("192.0.2.9, 192.0.2.8") == 429)
                // Two fields are one list, whose right end counts first.
                #expect(try await get("192.0.2.9", "192.0.2.8") == 429)
                #expect(try await get("192.0.2.8", "127.0.0.1") == 429)
            }
        }
    }

    /// U+0600 and the comma after it are one `Character`.
    @Test("a client cannot hide the address that the proxy appended")
    func forwardedByBytes() async throws {
        try await RunningServer.with({
            $0.rateLimit = RateLimitPolicy(limit: 1, windowSeconds: 60)
            $0.trustedProxies = (try? AddressBlock.list(parsing: "127.0.0.1")) ?? []
            $0.adminPassword = "another one"
        }) { server in
            let client = try await RawClient.connect(to: server)
            let token = try await client.token("username=admin&password=another+one")
            func get(_ addresses: String) async throws -> Int {
                try await client.get("/todos", token: token, headers: ["X-Forwarded-For: " + addresses]).status
            }
            #expect(try await get("203.0.113.7") == 200)
            for number in 0..<3 { #expect(try await get("6.6.6.\(number):1\u{600}, 203.0.113.7") == 429) }
        }
    }

    @Test("a sliding window admits up to the limit")
    func slides() async throws {
        try await RunningServer.with({
            $0.rateLimit = Self.policy
            $0.rateLimitKind = .slidingWindow
        }) { server in
            let client = try await RawClient.connect(to: server)
            let token = try await client.token()
            for _ in 0..<5 { #expect(try await client.get("/todos", token: token).status == 200) }
            let denied = try await client.get("/todos", token: token)
            #expect(denied.status == 429)
            #expect(denied.headers["ratelimit-policy"] == #""default";q=5;w=60"#)
        }
    }
}
