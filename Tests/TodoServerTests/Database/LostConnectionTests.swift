import NIOCore
import Testing
import TestSupport

@testable import TodoServer

/// Cuts the connection to PostgreSQL at every point of a statement. The response states what the server knows: nothing
/// was done, or the outcome is unknown.
@Suite(.timeLimit(.minutes(2))) struct LostConnectionTests {
    private struct Setting {
        var proxy: TestProxy
        /// The database, bypassing the proxy.
        var direct: PostgreSQLURL
        var server: RunningServer
        var client: RawClient
        var token: String
        /// The id of the todo "first".
        var id: Int

        func post(_ title: String) async throws -> RawClient.Response {
            try await client.post("{\"title\":\"\(title)\"}", token: token)
        }

        /// Sends a request on a new connection and does not wait for the response.
        func begin(_ title: String) async throws -> RawClient {
            let client = try await RawClient.connect(to: server)
            let body = "{\"title\":\"\(title)\"}"
            try await client.send(
                "POST /todos HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(token)\r\n"
                    + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
            return client
        }

        /// The titles in the list, once it can be read.
        func titles() async throws -> [String] {
            var titles: [String] = []
            try await waitUntil("the database is used again") {
                let list = try await client.get("/todos", token: token)
                titles = list.titles
                return list.status == 200
            }
            return titles
        }
    }

    /// Runs a server with one connection to PostgreSQL, through a proxy. The statements to create, list and show todos
    /// have been prepared on it.
    private func with(
        times: DatabaseTimes = DatabaseTimes(), _ body: (Setting) async throws -> Void
    ) async throws {
        let direct = try await TestPostgreSQL.newDatabase()
        let parts = direct.text.split(separator: "@127.0.0.1:")
        let port = try #require(Int(parts[1].prefix { $0 != "/" }))
        try await TestProxy.with(to: port) { proxy, proxyPort in
            let url = try PostgreSQLURL(
                parsing: direct.text.replacing("@127.0.0.1:\(port)/", with: "@127.0.0.1:\(proxyPort)/"))
            try await RunningServer.with({
                $0.database = .postgreSQL(url)
                $0.databaseConnections = 1
                $0.databaseTimes = times
            }) { server in
                let client = try await RawClient.connect(to: server)
                let token = try await client.token()
                let id = try #require(try await client.post(#"{"title":"first"}"#, token: token).id)
                #expect(try await client.get("/todos", token: token).titles == ["first"])
                #expect(try await client.get("/todos/\(id)", token: token).status == 200)
                try await body(
                    Setting(proxy: proxy, direct: direct, server: server, client: client, token: token, id: id))
            }
        }
    }

    private func expectUnknown(_ response: RawClient.Response) {
        #expect(response.status == 504)
        #expect(response.headers["retry-after"] == nil)
        #expect(response.body.contains("outcome is unknown"))
    }

    private func expectNothingDone(_ response: RawClient.Response) {
        #expect(response.status == 503)
        #expect(response.headers["retry-after"] == "1")
    }

    @Test("a commit whose acknowledgement is lost is 504, and took effect")
    func cutBeforeTheReply() async throws {
        try await with { it in
            it.proxy.set(.cutAtReply)
            expectUnknown(try await it.post("committed"))
            it.proxy.set(.forward)
            #expect(try await it.titles() == ["first", "committed"])
        }
    }

    @Test("a write that is lost before PostgreSQL receives it is 504 too, because the server cannot tell")
    func cutBeforeTheStatement() async throws {
        try await with { it in
            it.proxy.set(.cutAtRequest)
            expectUnknown(try await it.post("lost"))
            it.proxy.set(.forward)
            #expect(try await it.titles() == ["first"])
        }
    }

    @Test("a read whose result is lost is 503")
    func cutRead() async throws {
        try await with { it in
            it.proxy.set(.cutAtReply)
            expectNothingDone(try await it.client.get("/todos/\(it.id)", token: it.token))
            it.proxy.set(.forward)
            #expect(try await it.titles() == ["first"])
        }
    }

    @Test("a write whose statement could not be prepared is 503 and not performed")
    func cutWhilePreparing() async throws {
        try await with { it in
            it.proxy.set(.cutAtReply)
            // The first change on this connection has to be prepared.
            expectNothingDone(
                try await it.client.patch("/todos/\(it.id)", #"{"title":"changed"}"#, token: it.token))
            it.proxy.set(.forward)
            #expect(try await it.titles() == ["first"])
        }
    }

    @Test("an unconfirmed write is 504, and a write queued behind it is 503 and never performed")
    func silence() async throws {
        var times = DatabaseTimes()
        times.begin = .seconds(1)
        times.total = .seconds(3)
        try await with(times: times) { it in
            it.proxy.set(.dropReplies)
            let start = ContinuousClock.now
            let first = try await it.begin("unconfirmed")
            try await waitUntil("the only connection is in use") { it.proxy.dropped.value > 0 }
            expectNothingDone(try await it.post("waiting"))
            expectUnknown(try await first.response())
            #expect(ContinuousClock.now - start < .seconds(10))
            it.proxy.set(.forward)
            #expect(try await it.titles() == ["first", "unconfirmed"])
        }
    }

    @Test("a statement that PostgreSQL cancels is 503 and not performed")
    func statementTimeout() async throws {
        var times = DatabaseTimes()
        times.statement = .milliseconds(300)
        try await with(times: times) { it in
            var other = try PostgreSQLConnection.connect(to: it.direct, within: .seconds(10))
            try other.run(script: "BEGIN; LOCK TABLE todos IN SHARE ROW EXCLUSIVE MODE", within: .seconds(10))
            expectNothingDone(try await it.post("ended"))
            try other.run(script: "ROLLBACK", within: .seconds(10))
            #expect(try await it.titles() == ["first"])
        }
    }

    private static let waiting = PostgreSQLStatement(
        "waiting", "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'todos'::regclass")

    @Test("queued work for a disconnected client is dropped, and work that has begun is finished")
    func clientsThatLeft() async throws {
        try await with { it in
            var other = try PostgreSQLConnection.connect(to: it.direct, within: .seconds(10))
            try other.run(script: "BEGIN; LOCK TABLE todos IN SHARE ROW EXCLUSIVE MODE", within: .seconds(10))
            let first = try await it.begin("begun")
            try await waitUntil("the first write has begun") { try other.run(Self.waiting).integer(0, 0) == 1 }
            let second = try await it.begin("abandoned")
            let third = try await it.begin("waited for")
            await first.close()
            await second.close()
            // For a while, the server cannot tell a client that left from one that only closed its sending side.
            let left = NIODeadline.now()
            try await waitUntil("silentPatience has passed") { .now() - left > ClientPresence.silentPatience * 2 }
            try other.run(script: "ROLLBACK", within: .seconds(10))
            #expect(try await third.response().status == 201)
            #expect(try await it.titles() == ["first", "begun", "waited for"])
        }
    }
}
