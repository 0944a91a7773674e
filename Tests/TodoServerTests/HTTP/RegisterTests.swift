import Testing
import TestSupport

@testable import TodoServer

@Suite(.timeLimit(.minutes(1))) struct RegisterTests {
    @Test("a registered user can log in")
    func registers() async throws {
        try await RunningServer.with { server in
            let client = try await RawClient.connect(to: server)
            let response = try await client.register(#"{"username":"Ann_1.b-c","password":"pass word"}"#)
            #expect(response.status == 201)
            #expect(response.body == #"{"username":"Ann_1.b-c"}"#)
            #expect(try await client.login("username=Ann_1.b-c&password=pass+word").status == 200)
            #expect(try await client.login("username=Ann_1.b-c&password=pass+wor").status == 401)
            let taken = try await client.register(#"{"username":"Ann_1.b-c","password":"another one"}"#)
            #expect(taken.status == 409)
            #expect(taken.body == #"{"detail":"Username already registered"}"#)
            #expect(try await client.login("username=Ann_1.b-c&password=pass+word").status == 200)
        }
    }

    @Test("of concurrent registrations of one name, one succeeds")
    func aNameIsGivenOnce() async throws {
        let statuses = try await RunningServer.with { server in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<10 {
                    group.addTask {
                        let client = try await RawClient.connect(to: server)
                        return try await client.register(#"{"username":"ann","password":"pass word"}"#).status
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
        }
        #expect(statuses.sorted() == [201] + [Int](repeating: 409, count: 9))
    }

    @Test("422 names the invalid field")
    func namesInvalidFields() async throws {
        try await RunningServer.with { server in
            let client = try await RawClient.connect(to: server)
            let cases = [
                (#"{"password":"pass word"}"#, "missing", "username"),
                (#"{"username":"ab","password":"pass word"}"#, "string_too_short", "username"),
                (#"{"username":"a b","password":"pass word"}"#, "string_pattern_mismatch", "username"),
                (#"{"username":"año","password":"pass word"}"#, "string_pattern_mismatch", "username"),
                (#"{"username":7,"password":"pass word"}"#, "string_type", "username"),
                (#"{"username":"ann"}"#, "missing", "password"),
                (#"{"username":"ann","password":"secrets"}"#, "string_too_short", "password"),
                (#"{"username":"ann","password":"secret\u0000s"}"#, "string_pattern_mismatch", "password"),
                (
                    "{\"username\":\"ann\",\"password\":\"\(String(repeating: "é", count: 37))\"}", "string_too_long",
                    "password"
                ),
            ]
            for (body, kind, field) in cases {
                let response = try await client.register(body)
                #expect(response.status == 422, "\(body)")
                #expect(response.body.hasPrefix("{\"detail\":[{\"type\":\"\(kind)\",\"loc\":[\"body\",\"\(field)\"],"))
                #expect(!response.body.contains("secret") && !response.body.contains("pass word"))
            }
            let four = String(repeating: "é", count: 4)
            #expect(
                try await client.register("{\"username\":\"ann\",\"password\":\"\(four)\"}").status == 201, "8 bytes")
        }
    }

    @Test("registrations and logins share one limit")
    func sharesTheBucketOfLogin() async throws {
        try await RunningServer.with({ $0.loginRateLimit = RateLimitPolicy(limit: 2, windowSeconds: 60) }) { server in
            let client = try await RawClient.connect(to: server)
            _ = try await client.login()
            let registered = try await client.register(#"{"username":"ann","password":"pass word"}"#)
            #expect(registered.status == 201)
            #expect(registered.headers["ratelimit"]?.hasPrefix(#""login";r=0;t="#) == true)
            #expect(try await client.register(#"{"username":"bob","password":"pass word"}"#).status == 429)
        }
    }

    /// Otherwise, the time of a failed login would reveal whether the user exists.
    @Test("a login replaces a hash with another cost")
    func aLoginRenewsAHashOfAnotherCost() async throws {
        try await TemporaryDirectory.with { directory in
            let path = directory + "/todos.sqlite"
            func cost(of name: String) async throws -> Substring? {
                let store = try SQLiteStore(path: path)
                let hash = try await store.user(named: name)?.passwordHash
                await store.close()
                return hash?.prefix(7)
            }
            try await RunningServer.with({ $0.database = .sqlite(path: path) }) { server in
                let client = try await RawClient.connect(to: server)
                for name in ["ann", "bob"] {
                    let user = #"{"username":"\#(name)","password":"pass word"}"#
                    #expect(try await client.register(user).status == 201)
                }
            }
            let later: (inout Configuration) -> Void = {
                $0.database = .sqlite(path: path)
                $0.bcryptCost = 5
                $0.adminPassword = "admin123"
            }
            try await RunningServer.with(later) { server in
                let client = try await RawClient.connect(to: server)
                #expect(try await client.login("username=ann&password=pass+word").status == 200)
                #expect(try await client.login("username=bob&password=mistaken").status == 401)
                #expect(try await client.login("username=ann&password=pass+word").status == 200)
            }
            for (name, expected) in [("ann", "$2b$05$"), ("bob", "$2b$04$"), ("admin", "$2b$05$")] {
                #expect(try await cost(of: name).map(String.init) == expected, "\(name)")
            }
        }
    }
}
