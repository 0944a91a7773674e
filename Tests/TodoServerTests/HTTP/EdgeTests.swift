import Foundation
import NIOCore
import Testing
import TestSupport

@testable import TodoServer

@Suite(.timeLimit(.minutes(1))) struct EdgeTests {
    @Test("pipelined requests get their responses in order")
    func answersPipelinedRequestsInOrder() async throws {
        try await RunningServer.with { server in
            let client = try await RawClient.connect(to: server)
            let token = try await client.token()
            let read = "GET /todos HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(token)\r\n\r\n"
            try await client.send(
                read + "GET /health HTTP/1.1\r\nHost: a\r\n\r\nGET /nope HTTP/1.1\r\nHost: a\r\n\r\n" + read)
            #expect(try await client.response().body == #"{"source":"db","todos":[]}"#)
            #expect(try await client.response().body == #"{"status":"ok"}"#)
            #expect(try await client.response().status == 404)
            #expect(try await client.response().body == #"{"source":"cache","todos":[]}"#)
        }
    }

    @Test("a request that arrives byte by byte is read")
    func readsRequestsByteByByte() async throws {
        try await RunningServer.with { server in
            let client = try await RawClient.connect(to: server)
            let form = "username=admin&password=admin123"
            let text =
                "POST /login HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                + "Content-Length: \(form.utf8.count)\r\n\r\n" + form
            for character in text { try await client.send(String(character)) }
            #expect(try await client.response().status == 200)
        }
    }

    @Test("a chunked body is read")
    func readsChunkedBodies() async throws {
        try await RunningServer.with { server in
            let client = try await RawClient.connect(to: server)
            let token = try await client.token()
            try await client.send(
                "POST /todos HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(token)\r\nContent-Type: application/json\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"tit\r\n8\r\nle\":\"a\"}\r\n0\r\n\r\n")
            #expect(try await client.response().status == 201)
        }
    }

    @Test("Expect: 100-continue gets 100, or 413 if the body is too long")
    func invitesABodyThatWaits() async throws {
        try await RunningServer.with { server in
            let client = try await RawClient.connect(to: server)
            let head =
                "POST /login HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                + "Expect: 100-continue\r\n"
            try await client.send(head + "Content-Length: 32\r\n\r\n")
            #expect(try await client.response().status == 100)
            try await client.send("username=admin&password=admin123")
            #expect(try await client.response().status == 200)
            try await client.send(head + "Content-Length: 100000\r\n\r\n")
            #expect(try await client.response().status == 413, "no 100 is sent")
        }
    }

    /// With or without an announced length, the client can read the response.
    @Test("a body that is too long is rejected with 413 while it is still being sent", arguments: [true, false])
    func refusesLongBodies(isChunked: Bool) async throws {
        try await RunningServer.with { server in
            let client = try await RawClient.connect(to: server)
            let token = try await client.token()
            let body = String(repeating: "x", count: 1 << 20)
            let framing =
                isChunked
                ? "Transfer-Encoding: chunked\r\n\r\n100000\r\n" : "Content-Length: \(body.utf8.count)\r\n\r\n"
            let head = "POST /todos HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
            try await client.send(head + "Authorization: Bearer \(token)\r\n" + framing + body)
            let response = try await client.response()
            #expect(response.status == 413)
            #expect(response.headers["connection"] == "close")
            #expect(await client.isClosed())

            let stranger = try await RawClient.connect(to: server)
            try await stranger.send(head + framing + body)
            #expect(try await stranger.response().status == 401, "authentication comes before the body")
        }
    }

    /// The response does not fit into the socket buffers, so most of it is unsent when the client closes its side.
    @Test(
        "a client that closes its sending side gets its whole response",
        arguments: ["", "Connection: close\r\n", "Upgrade: h2c\r\n"])
    func answersInFullWhoSendsNoMore(field: String) async throws {
        try await TemporaryDirectory.with { directory in
            let script = String(repeating: "x", count: 32 << 20)
            try script.write(toFile: directory + "/swagger-ui-bundle.js", atomically: true, encoding: .utf8)
            try "".write(toFile: directory + "/swagger-ui.css", atomically: true, encoding: .utf8)
            try await RunningServer.with({ $0.docsAssets = directory }) { server in
                let client = try await RawClient.connect(to: server)
                try await client.send("GET /docs/assets/swagger-ui-bundle.js HTTP/1.1\r\nHost: a\r\n\(field)\r\n")
                try await client.closeOutput()
                #expect(try await client.response().body.utf8.count == script.utf8.count)
                #expect(await client.isClosed())
            }
        }
    }

    @Test("a head that is too long or has too many fields is rejected with 431")
    func boundsTheHead() async throws {
        try await RunningServer.with { server in
            let long = try await RawClient.connect(to: server)
            let field = "X: \(String(repeating: "x", count: 4000))\r\n"
            try await long.send("GET /health HTTP/1.1\r\nHost: a\r\n" + String(repeating: field, count: 20) + "\r\n")
            #expect(try await long.response().status == 431)
            let many = try await RawClient.connect(to: server)
            try await many.send(
                "GET /health HTTP/1.1\r\nHost: a\r\n" + String(repeating: "X: y\r\n", count: 200) + "\r\n")
            #expect(try await many.response().status == 431)
        }
    }

    @Test("a slow or idle client is disconnected")
    func closesSlowClients() async throws {
        try await RunningServer.with({
            // Long enough for a client on a busy machine, and short enough to wait for.
            $0.limits.headTime = .milliseconds(2000)
            $0.limits.bodyTime = .milliseconds(1000)
            $0.limits.idleTime = .milliseconds(3000)
        }) { server in
            let silent = try await RawClient.connect(to: server)
            let slowHead = try await RawClient.connect(to: server)
            try await slowHead.send("GET /hea")
            let slowBody = try await RawClient.connect(to: server)
            try await slowBody.send("POST /login HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nuser")
            #expect(try await slowBody.response().status == 408)
            #expect(await silent.isClosed())
            #expect(await slowHead.isClosed())
            let idle = try await RawClient.connect(to: server)
            #expect(try await idle.get("/health").status == 200)
            #expect(try await idle.get("/health").status == 200)
            #expect(await idle.isClosed())
        }
    }

    @Test("a connection is kept open or closed as the client asks")
    func keepsAndClosesAsAsked() async throws {
        try await RunningServer.with { server in
            let closing = try await RawClient.connect(to: server)
            #expect(
                try await closing.get("/health", headers: ["Connection: close"]).headers["connection"] == "close")
            #expect(await closing.isClosed())
            let old = try await RawClient.connect(to: server)
            try await old.send("GET /health HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            #expect(try await old.response().headers["connection"] == "keep-alive")
            try await old.send("GET /health HTTP/1.0\r\n\r\n")
            #expect(try await old.response().headers["connection"] == "close")
            #expect(await old.isClosed())
        }
    }

    @Test("a request that has begun at shutdown is finished")
    func drains() async throws {
        // Long enough for a client on a busy machine.
        try await RunningServer.with({ $0.limits.drainLimit = .seconds(50) }) { server in
            let client = try await RawClient.connect(to: server)
            let idle = try await RawClient.connect(to: server)
            #expect(try await idle.get("/health").status == 200)
            try await client.send(
                "POST /login HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                    + "Expect: 100-continue\r\nContent-Length: 32\r\n\r\n")
            #expect(try await client.response().status == 100)
            await server.stop()
            #expect(await idle.isClosed())
            try await waitUntil("new connections are refused") { (try? await RawClient.connect(to: server)) == nil }
            try await client.send("username=admin&password=admin123")
            let response = try await client.response()
            #expect(response.status == 200)
            #expect(response.headers["connection"] == "close")
            #expect(await client.isClosed())
        }
    }

    @Test("a request that is incomplete at the end of the drain time gets 503")
    func givesUpAtTheEnd() async throws {
        try await RunningServer.with({ $0.limits.drainLimit = .milliseconds(100) }) { server in
            let client = try await RawClient.connect(to: server)
            try await client.send(
                "POST /login HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                    + "Expect: 100-continue\r\nContent-Length: 32\r\n\r\n")
            #expect(try await client.response().status == 100)
            await server.stop()
            #expect(try await client.response().status == 503)
            #expect(await client.isClosed())
        }
    }

    @Test("at the end of the drain time, a running read gets 503 and a running write 504")
    func saysWhatMayHaveHappened() async throws {
        let begun = Counter()
        let isOpen = Flag()
        @Sendable func hang() async throws {
            begun.add()
            try await waitUntil("the test continues") { isOpen.isRaised }
        }
        try await RunningServer.with({ $0.limits.drainLimit = .milliseconds(100) }) {
            HookedStore($0, beforeReading: { if $0 != 0 { try await hang() } }, beforeAdding: { _ in try await hang() })
        } _: { server in
            let reader = try await RawClient.connect(to: server)
            let writer = try await RawClient.connect(to: server)
            let token = try await reader.token()
            try await reader.send("GET /todos HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(token)\r\n\r\n")
            try await writer.send(
                "POST /todos HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(token)\r\n"
                    + "Content-Type: application/json\r\nContent-Length: 13\r\n\r\n{\"title\":\"a\"}")
            try await waitUntil("both are in progress") { begun.value == 2 }
            await server.stop()
            let read = try await reader.response()
            let written = try await writer.response()
            isOpen.raise()
            #expect(read.status == 503 && read.headers["retry-after"] == "1")
            #expect(written.status == 504 && written.headers["retry-after"] == nil)
        }
    }

    /// A trailing space is not part of a field value (RFC 9110 section 5.5).
    @Test("a trailing space in Content-Length is ignored")
    func readsLengthsAsTheyAreMeant() async throws {
        try await RunningServer.with { server in
            let client = try await RawClient.connect(to: server)
            try await client.send(
                "POST /login HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                    + "Content-Length: 32 \r\n\r\nusername=admin&password=admin123")
            #expect(try await client.response().status == 200)
        }
    }

    /// The clients send requests without pause. Each gets all of its responses, and the last one has
    /// `Connection: close`.
    @Test("no request is dropped on shutdown")
    func dropsNoRequestWhenItStops() async throws {
        // Long enough for the pause between two requests on a busy machine.
        try await RunningServer.with({ $0.limits.drainTime = .seconds(5) }) { server in
            let first = try await RawClient.connect(to: server)
            let token = try await first.token()
            await first.close()
            let answered = Counter()
            let clients = (0..<16).map { number in
                Task {
                    let client = try await RawClient.connect(to: server)
                    while true {
                        let answer =
                            try await number.isMultiple(of: 2)
                            ? client.get("/todos", token: token) : client.post(#"{"title":"a"}"#, token: token)
                        #expect(answer.status < 300)
                        answered.add()
                        if answer.headers["connection"] == "close" { return }
                    }
                }
            }
            try await waitUntil("all clients send requests") { answered.value > 200 }
            await server.stop()
            for client in clients { try await client.value }
        }
    }

    @Test("requests succeed without Redis, and say so")
    func goesOnWithoutRedis() async throws {
        try await RunningServer.with({
            $0.redis = try? RedisURL(parsing: "redis://127.0.0.1:1")
            $0.rateLimit = RateLimitPolicy(limit: 3, windowSeconds: 60)
        }) { server in
            let client = try await RawClient.connect(to: server)
            let token = try await client.token()
            #expect(try await client.post(#"{"title":"a"}"#, token: token).status == 201)
            for _ in 0..<2 {
                let response = try await client.get("/todos", token: token)
                #expect(response.body == #"{"source":"db","todos":[{"id":1,"title":"a","completed":false}]}"#)
                #expect(response.headers["cache-status"] == "todos; fwd=bypass; detail=redis-down")
            }
            #expect(try await client.get("/todos", token: token).status == 429)
            #expect(
                try await client.get("/ready").body == #"{"status":"ok","database":"ok","redis":"unavailable"}"#)
        }
    }

    @Test("every response has a request id, which a client can choose")
    func namesEveryRequest() async throws {
        try await RunningServer.with { server in
            let client = try await RawClient.connect(to: server)
            var ids: Set<String> = []
            for _ in 0..<100 {
                let id = try #require(try await client.get("/health").headers["x-request-id"])
                #expect(id.wholeMatch(of: /[0-9a-f]{16}/) != nil)
                ids.insert(id)
            }
            #expect(ids.count == 100)
            func echo(_ fields: String...) async throws -> String? {
                try await client.get("/nope", headers: fields.map { "X-Request-ID: " + $0 }).headers["x-request-id"]
            }
            #expect(try await echo("8f14e45f-ceea-467f/a+b=") == "8f14e45f-ceea-467f/a+b=")
            for unsafe in ["a b", "a,b", "<a>", String(repeating: "a", count: 129), "é", ""] {
                #expect(try await echo(unsafe)?.count == 16, "\(unsafe)")
            }
            #expect(try await echo("a", "b")?.count == 16)
            try await client.send("nonsense\r\n\r\n")
            #expect(try await client.response().headers["x-request-id"]?.count == 16)
        }
    }

    @Test("a connection over the limit gets 503")
    func refusesOneConnectionTooMany() async throws {
        try await RunningServer.with({ $0.maxConnections = 2 }) { server in
            let first = try await RawClient.connect(to: server)
            let second = try await RawClient.connect(to: server)
            #expect(try await first.get("/health").status == 200)
            #expect(try await second.get("/health").status == 200)
            let third = try await RawClient.connect(to: server)
            let refused = try await third.response()
            #expect(refused.status == 503)
            #expect(refused.headers["retry-after"] == "1")
            #expect(await third.isClosed())
            await third.close()
            await second.close()
            // The server learns of the closed connections after a while. Until then, a new one is over the limit.
            while true {
                let next = try await RawClient.connect(to: server)
                let status = try? await next.get("/health").status
                if status == 200 { break }
                await next.close()
            }
            #expect(try await first.get("/health").status == 200)
        }
    }
}
