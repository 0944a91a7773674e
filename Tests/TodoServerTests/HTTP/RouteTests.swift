import Testing

@testable import TodoServer

@Suite(.timeLimit(.minutes(1))) struct RouteTests {
    @Test("a login returns a token")
    func logsIn() async throws {
        try await RunningServer.with { server in
            let client = try await RawClient.connect(to: server)
            let response = try await client.login()
            #expect(response.status == 200)
            #expect(response.headers["cache-control"] == "no-store")
            #expect(response.body.hasPrefix(#"{"access_token":"ey"#))
            #expect(response.body.hasSuffix(#"","token_type":"bearer","expires_in":1800}"#))
        }
    }

    @Test("a wrong login is rejected with 401, and an invalid one with 422 or 415")
    func refusesWrongLogins() async throws {
        try await RunningServer.with { server in
            let client = try await RawClient.connect(to: server)
            for form in [
                "username=admin&password=wrong", "username=nobody&password=admin123",
                "username=admin%00&password=admin123",
            ] {
                let response = try await client.login(form)
                #expect(response.status == 401)
                #expect(response.body == #"{"detail":"Incorrect username or password"}"#)
                #expect(response.headers["www-authenticate"] == "Bearer")
            }
            let missing = try await client.login("username=admin")
            #expect(missing.status == 422)
            #expect(
                missing.body
                    == #"{"detail":[{"type":"missing","loc":["body","password"],"msg":"Field required","input":null}]}"#
            )
            #expect(try await client.login("username=admin&password=admin123&grant_type=code").status == 422)
            #expect(
                try await client.login("username=ad%6Din&password=admin123&grant_type=password&scope=x").status == 200)
            let json = try await client.request("POST", "/login", type: "application/json", body: "{}")
            #expect(json.status == 415)
        }
    }

    @Test("a created todo is listed, first from the database and then from the cache")
    func createsAndLists() async throws {
        try await RunningServer.with { server in
            let client = try await RawClient.connect(to: server)
            let token = try await client.token()
            let created = try await client.post(#"{"title":"Milk \u0000 é😀","unknown":1}"#, token: token)
            #expect(created.status == 201)
            #expect(created.headers["location"] == "/todos/1")
            let todo = #"{"id":1,"title":"Milk \u0000 é😀","completed":false}"#
            #expect(created.body == todo)

            let first = try await client.get("/todos", token: token)
            #expect(first.body == #"{"source":"db","todos":["# + todo + "]}")
            #expect(first.headers["cache-status"] == "todos; fwd=uri-miss; stored")
            #expect(first.headers["cache-control"] == "private, no-store")
            let second = try await client.get("/todos", token: token)
            #expect(second.body == #"{"source":"cache","todos":["# + todo + "]}")
            // A new second may begin between the two requests.
            #expect(["todos; hit; ttl=60", "todos; hit; ttl=59"].contains(second.headers["cache-status"]))

            _ = try await client.post(#"{"title":"Bread","completed":true}"#, token: token)
            let third = try await client.get("/todos", token: token)
            #expect(
                third.body == #"{"source":"db","todos":["# + todo + #",{"id":2,"title":"Bread","completed":true}]}"#)
        }
    }

    @Test("HEAD returns the head of GET")
    func servesHead() async throws {
        try await RunningServer.with { server in
            let client = try await RawClient.connect(to: server)
            let token = try await client.token()
            let head = try await client.request("HEAD", "/todos", token: token)
            #expect(head.status == 200)
            #expect(head.headers["content-length"] == String(#"{"source":"db","todos":[]}"#.utf8.count))
            #expect(try await client.get("/todos", token: token).body == #"{"source":"cache","todos":[]}"#)
        }
    }

    @Test("a missing or invalid token is rejected with 401")
    func asksForAToken() async throws {
        try await RunningServer.with { server in
            let client = try await RawClient.connect(to: server)
            let token = try await client.token()
            let cases: [(String?, String)] = [
                (nil, "Not authenticated"), ("Basic YTpi", "Not authenticated"), (token, "Not authenticated"),
                ("Bearer", "Invalid token"), ("Bearer x.y.z", "Invalid token"), ("Bearer \(token)x", "Invalid token"),
            ]
            for (field, detail) in cases {
                let response = try await client.get("/todos", headers: field.map { ["Authorization: \($0)"] } ?? [])
                #expect(response.status == 401, "\(field ?? "none")")
                #expect(response.body == "{\"detail\":\"\(detail)\"}")
                #expect(response.headers["www-authenticate"] == "Bearer")
            }
            #expect(try await client.get("/todos", headers: ["authorization: bEARER \(token)"]).status == 200)
            let twice = ["Authorization: Bearer \(token)", "Authorization: Bearer \(token)"]
            #expect(try await client.get("/todos", headers: twice).status == 401)
        }
    }

    /// The Kelvin sign is canonically equivalent to K, so the cached token and this one are equal as strings.
    @Test("tokens are compared by their bytes")
    func comparesTokensByTheirBytes() async throws {
        try await RunningServer.with { server in
            let client = try await RawClient.connect(to: server)
            // Waits until the demonstration user exists. It is created in the background.
            _ = try await client.token()
            let now = WallClock.seconds
            let tokens = (60..<400).lazy.map { try? self.token(of: "admin", now: now, lifetime: $0) }
            let token = try #require(tokens.compactMap { $0 }.first { $0.contains("K") })
            #expect(try await client.get("/todos", token: token).status == 200)
            let kelvin = token.replacing("K", with: "\u{212A}")
            #expect(kelvin == token)
            #expect(try await client.get("/todos", token: kelvin).status == 401)
        }
    }

    private func token(of name: String, now: Int64, lifetime: Int64) throws -> String {
        let key = try #require(TokenKey(secret: Array("a secret for tests, of 32 bytes or more".utf8)))
        return key.sign(TokenClaims(subject: name, issuedAt: now, expiresAt: now + lifetime))
    }

    /// The signature is valid, but the user is not in the database.
    @Test("a valid token of an unknown user is rejected with 401")
    func refusesUnknownSubjects() async throws {
        try await RunningServer.with { server in
            let client = try await RawClient.connect(to: server)
            // Waits until the demonstration user exists. It is created in the background.
            _ = try await client.token()
            func token(_ name: String) throws -> String {
                try self.token(of: name, now: WallClock.seconds, lifetime: 60)
            }
            #expect(try await client.get("/todos", token: token("admin")).status == 200)
            #expect(try await client.get("/todos", token: token("nobody")).status == 401)
            #expect(try await client.get("/todos", token: token("admin\0")).status == 401)
        }
    }

    @Test(
        "422 names the invalid field",
        arguments: [
            (#"{}"#, "missing", "title"), (#"{"title":1}"#, "string_type", "title"),
            (#"{"title":null}"#, "string_type", "title"),
            (#"{"title":""}"#, "string_too_short", "title"),
            (#"{"title":"a","completed":1}"#, "bool_type", "completed"),
            (#"{"title":"a","completed":"true"}"#, "bool_type", "completed"),
            (#"{"title":"a","completed":null}"#, "bool_type", "completed"),
            ("{\"title\":\"\(String(repeating: "x", count: 201))\"}", "string_too_long", "title"),
        ])
    func namesInvalidFields(_ body: String, _ kind: String, _ field: String) async throws {
        try await RunningServer.with { server in
            let client = try await RawClient.connect(to: server)
            let response = try await client.post(body, token: client.token())
            #expect(response.status == 422)
            #expect(response.body.hasPrefix("{\"detail\":[{\"type\":\"\(kind)\",\"loc\":[\"body\",\"\(field)\"],"))
        }
    }

    @Test("a body that is not a JSON object is rejected with 415 or 422")
    func checksTheBody() async throws {
        try await RunningServer.with { server in
            let client = try await RawClient.connect(to: server)
            let token = try await client.token()
            #expect(try await client.post("{", token: token).body.contains(#""type":"json_invalid""#))
            #expect(try await client.post("[1]", token: token).body.contains(#""type":"model_attributes_type""#))
            #expect(try await client.post("", token: token).body.contains(#""type":"missing","loc":["body"]"#))
            #expect(try await client.post(#"{"title":"\ud800"}"#, token: token).status == 422)
            let emoji = String(repeating: "👨‍👩‍👧", count: 40)
            #expect(try await client.post("{\"title\":\"\(emoji)\"}", token: token).status == 201, "200 code points")
            func post(_ type: String?, _ headers: [String] = []) async throws -> Int {
                try await client.request(
                    "POST", "/todos", token: token, type: type, body: #"{"title":"a"}"#, headers: headers
                ).status
            }
            #expect(try await post("Application/JSON; charset=utf-8") == 201)
            #expect(try await post("text/plain") == 415)
            #expect(try await post(nil) == 415)
            #expect(try await post("application/json", ["Content-Encoding: gzip"]) == 415)
        }
    }

    @Test("an unknown path is 404, and an unsupported method is 405")
    func knowsItsRoutes() async throws {
        try await RunningServer.with { server in
            let client = try await RawClient.connect(to: server)
            #expect(try await client.get("/nope").body == #"{"detail":"Not Found"}"#)
            #expect(try await client.get("/todos/").status == 404)
            let wrong = try await client.request("PUT", "/todos")
            #expect(wrong.status == 405)
            #expect(wrong.headers["allow"] == "GET, HEAD, POST")
            #expect(wrong.body == #"{"detail":"Method Not Allowed"}"#)
            #expect(try await client.get("/health?x=1").body == #"{"status":"ok"}"#)
            #expect(try await client.get("http://localhost/health").status == 200)
            #expect(try await client.get("/ready").body == #"{"status":"ok","database":"ok"}"#)
        }
    }

    /// Whatever the status, and even if no route matches.
    @Test("every response under /todos is no-store")
    func keepsTodosFromOtherCaches() async throws {
        try await RunningServer.with { server in
            let client = try await RawClient.connect(to: server)
            let token = try await client.token()
            for (method, path, status) in [
                ("PUT", "/todos", 405), ("PUT", "/todos/1", 405), ("GET", "/todos/1/2", 404), ("GET", "/todos/", 404),
                ("GET", "/todos/1", 404), ("HEAD", "/todos", 200), ("POST", "/todos", 422), ("PATCH", "/todos/1", 422),
            ] {
                let response = try await client.request(method, path, token: token)
                #expect(response.status == status, "\(method) \(path)")
                #expect(response.headers["cache-control"] == "private, no-store", "\(method) \(path)")
            }
            #expect(try await client.get("/todos").headers["cache-control"] == "private, no-store")
            let long = String(repeating: "x", count: 66_000)
            let tooLong = try await client.post("{\"title\":\"\(long)\"}", token: token)
            #expect(tooLong.status == 413)
            #expect(tooLong.headers["cache-control"] == "private, no-store")
            let other = try await RawClient.connect(to: server)
            #expect(try await other.get("/nope").headers["cache-control"] == nil)
            #expect(try await other.get("/todosx").headers["cache-control"] == nil)
        }
    }
}
