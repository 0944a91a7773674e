import Testing

@testable import TodoServer

/// Tests `/todos/{id}`.
@Suite(.timeLimit(.minutes(1))) struct TodoTests {
    @Test("a todo can be read, changed and deleted")
    func showsChangesAndDeletes() async throws {
        try await RunningServer.with { server in
            let client = try await RawClient.connect(to: server)
            let token = try await client.token()
            let created = try await client.post(#"{"title":"Milk"}"#, token: token)
            let shown = try await client.get("/todos/1", token: token)
            #expect(shown.status == 200)
            #expect(shown.body == created.body)
            #expect(shown.headers["cache-control"] == "private, no-store")
            let head = try await client.request("HEAD", "/todos/1", token: token)
            #expect(head.status == 200 && head.headers["content-length"] == String(created.body.utf8.count))

            let done = #"{"id":1,"title":"Milk","completed":true}"#
            #expect(try await client.patch("/todos/1", #"{"completed":true,"id":7}"#, token: token).body == done)
            #expect(try await client.patch("/todos/1", "{}", token: token).body == done)
            let renamed = try await client.patch("/todos/1", #"{"title":"Oats"}"#, token: token)
            #expect(renamed.status == 200 && renamed.body == #"{"id":1,"title":"Oats","completed":true}"#)

            let deleted = try await client.delete("/todos/1", token: token)
            #expect(deleted.status == 204 && deleted.body.isEmpty)
            #expect(deleted.headers["content-length"] == nil)
            #expect(try await client.delete("/todos/1", token: token).status == 404)
            #expect(try await client.post(#"{"title":"a"}"#, token: token).headers["location"] == "/todos/2")
        }
    }

    @Test("the list is fresh after every write")
    func theListIsFreshAfterEveryWrite() async throws {
        try await RunningServer.with { server in
            let client = try await RawClient.connect(to: server)
            let token = try await client.token()
            func list() async throws -> String {
                let first = try await client.get("/todos", token: token).body
                let second = try await client.get("/todos", token: token).body
                #expect(first.replacing(#""db""#, with: #""cache""#) == second && first != second)
                return first
            }
            _ = try await client.post(#"{"title":"a"}"#, token: token)
            #expect(try await list() == #"{"source":"db","todos":[{"id":1,"title":"a","completed":false}]}"#)
            _ = try await client.patch("/todos/1", #"{"completed":true}"#, token: token)
            #expect(try await list() == #"{"source":"db","todos":[{"id":1,"title":"a","completed":true}]}"#)
            _ = try await client.delete("/todos/1", token: token)
            #expect(try await list() == #"{"source":"db","todos":[]}"#)
        }
    }

    /// The response is the same for all, so it does not reveal which todos exist.
    @Test("another user's todo, an unknown id and an invalid id are all 404")
    func otherTodosAreNotFound() async throws {
        try await RunningServer.with { server in
            let client = try await RawClient.connect(to: server)
            let ann = try await client.token(ofNewUser: "ann")
            let bob = try await client.token(ofNewUser: "bob")
            _ = try await client.post(#"{"title":"Ann's"}"#, token: ann)
            for id in ["1", "2", "0", "-1", "+1", "01", "1.0", "x", "%31", "1%00", "9223372036854775808"] {
                let target = "/todos/\(id)"
                let responses = try await [
                    client.get(target, token: bob), client.patch(target, #"{"title":"Bob's"}"#, token: bob),
                    client.delete(target, token: bob),
                ]
                for response in responses {
                    #expect(response.status == 404, "\(id)")
                    #expect(response.body == #"{"detail":"Todo not found"}"#)
                }
            }
            #expect(try await client.get("/todos/1", token: ann).body.contains("Ann's"))
            #expect(try await client.get("/todos", token: bob).body == #"{"source":"db","todos":[]}"#)
            #expect(try await client.get("/todos/1").status == 401)
            #expect(try await client.get("/todos/1/x", token: ann).body == #"{"detail":"Not Found"}"#)
            #expect(try await client.request("PUT", "/todos/1").headers["allow"] == "GET, HEAD, PATCH, DELETE")
        }
    }

    @Test(
        "422 names the invalid field, and nothing is changed",
        arguments: [
            (#"{"title":1}"#, "string_type", "title"), (#"{"title":null}"#, "string_type", "title"),
            (#"{"title":""}"#, "string_too_short", "title"), (#"{"completed":0}"#, "bool_type", "completed"),
            (#"{"completed":null}"#, "bool_type", "completed"),
        ])
    func namesInvalidFields(_ body: String, _ kind: String, _ field: String) async throws {
        try await RunningServer.with { server in
            let client = try await RawClient.connect(to: server)
            let token = try await client.token()
            _ = try await client.post(#"{"title":"Milk"}"#, token: token)
            let response = try await client.patch("/todos/1", body, token: token)
            #expect(response.status == 422)
            #expect(response.body.hasPrefix("{\"detail\":[{\"type\":\"\(kind)\",\"loc\":[\"body\",\"\(field)\"],"))
            #expect(try await client.get("/todos/1", token: token).body.contains(#""title":"Milk","completed":false"#))
        }
    }

    @Test("a todo over the limit is 409 until one is deleted")
    func limitsTodos() async throws {
        try await RunningServer.with({
            $0.maxTodosPerUser = 3
            $0.rateLimit = RateLimitPolicy(limit: 100, windowSeconds: 60)
        }) { server in
            let client = try await RawClient.connect(to: server)
            let token = try await client.token()
            var ids: [Int] = []
            for number in 0..<3 {
                try await ids.append(#require(client.post("{\"title\":\"\(number)\"}", token: token).id))
            }
            let refused = try await client.post(#"{"title":"3"}"#, token: token)
            #expect(refused.status == 409 && refused.body == #"{"detail":"Too many todos"}"#)
            #expect(refused.headers["ratelimit"] != nil && refused.headers["cache-control"] == "private, no-store")
            #expect(try await client.post(#"{"title":""}"#, token: token).status == 422, "the body is validated first")
            #expect(try await client.patch("/todos/\(ids[0])", #"{"title":"changed"}"#, token: token).status == 200)
            #expect(try await client.delete("/todos/\(ids[1])", token: token).status == 204)
            #expect(try await client.post(#"{"title":"3"}"#, token: token).status == 201)
            #expect(try await client.post(#"{"title":"4"}"#, token: token).status == 409)
            #expect(try await client.get("/todos", token: token).titles == ["changed", "2", "3"])
            let metrics = try await client.get("/metrics").body
            #expect(metrics.contains(#"todo_http_requests_total{method="POST",route="/todos",status="409"} 2"#))
        }
    }
}
