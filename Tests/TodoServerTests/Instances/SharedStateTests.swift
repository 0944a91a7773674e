import Testing

@testable import TodoServer

/// Two servers that share one Redis and one PostgreSQL.
@Suite(.timeLimit(.minutes(3))) struct SharedStateTests {
    /// Eight clients from one address send requests to both servers as fast as they can. Exactly five are admitted.
    @Test("the limit is exact across two servers", arguments: RateLimitPolicy.Kind.allCases)
    func theLimitIsExact(_ kind: RateLimitPolicy.Kind) async throws {
        let count = rounds("TODO_TEST_LIMIT_REQUESTS", otherwise: 150)
        let statuses = try await RunningServer.withTwo({
            // Long enough for all requests to fall into one window, however busy the machine is.
            $0.rateLimit = RateLimitPolicy(limit: 5, windowSeconds: 120)
            $0.rateLimitKind = kind
        }) { servers in
            let token = try await RawClient.connect(to: servers[0]).token()
            return try await withThrowingTaskGroup(of: [Int].self) { group in
                for number in 0..<8 {
                    group.addTask {
                        let client = try await RawClient.connect(to: servers[number % 2])
                        var statuses: [Int] = []
                        for _ in 0..<count { try await statuses.append(client.get("/todos", token: token).status) }
                        return statuses
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
        }
        #expect(statuses.count { $0 == 200 } == 5)
        #expect(statuses.count { $0 == 429 } == 8 * count - 5)
    }

    @Test("an acknowledged write is visible on both servers")
    func aWriteIsSeenEverywhere() async throws {
        try await RunningServer.withTwo { servers in
            let clients = try await [RawClient.connect(to: servers[0]), RawClient.connect(to: servers[1])]
            let token = try await clients[0].token()
            for round in 0..<40 {
                let (writer, reader) = (clients[round % 2], clients[1 - round % 2])
                // The list is cached.
                for client in clients { _ = try await client.get("/todos", token: token) }
                #expect(try await reader.get("/todos", token: token).source == "cache")
                let todo = try await writer.post(#"{"title":"\#(round)"}"#, token: token)
                let list = try await reader.get("/todos", token: token)
                #expect(list.source == "db" && list.titles == ["\(round)"])
                let id = try #require(todo.id)
                #expect(try await reader.patch("/todos/\(id)", #"{"title":"changed"}"#, token: token).status == 200)
                #expect(try await writer.get("/todos", token: token).titles == ["changed"])
                #expect(try await writer.delete("/todos/\(id)", token: token).status == 204)
                #expect(try await reader.get("/todos", token: token).titles == [])
            }
        }
    }

    /// Both servers register the name concurrently. One succeeds, and the user can log in on either.
    @Test("a username can be registered once across both servers")
    func aNameIsTakenEverywhere() async throws {
        try await RunningServer.withTwo { servers in
            @Sendable func register(on server: RunningServer) async throws -> Int {
                let client = try await RawClient.connect(to: server)
                return try await client.register(#"{"username":"ann","password":"pass word"}"#).status
            }
            async let one = register(on: servers[0])
            async let other = register(on: servers[1])
            #expect(try await [one, other].sorted() == [201, 409])
            for server in servers {
                let client = try await RawClient.connect(to: server)
                #expect(try await client.login("username=ann&password=pass+word").status == 200)
            }
        }
    }
}
