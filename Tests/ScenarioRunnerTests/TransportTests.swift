import Foundation
import Scenario
import ScenarioRunner
import Synchronization
import Testing
import TestSupport

/// Misbehaving servers. Each case must end in time with an error that names the step and the cause.
@Suite(.timeLimit(.minutes(1)))
struct TransportTests {
    struct Misbehaviour: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var message: String
        /// Short only if it is what ends the exchange, because a busy machine is slow.
        var timeout = "20s"
        var serve: @Sendable (ScriptedConnection) -> Void
    }

    static let misbehaviours = [
        Misbehaviour(testDescription: "closes without an answer", message: "closed the connection before it responded")
        {
            _ = $0.read()
        },
        Misbehaviour(
            testDescription: "closes in the middle", message: "closed the connection in the middle of the response"
        ) {
            _ = $0.read()
            $0.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        },
        Misbehaviour(
            testDescription: "closes in the middle of its head",
            message: "closed the connection in the middle of the response head"
        ) {
            _ = $0.read()
            $0.write("HTTP/1.1 200 OK\r\nContent-Le")
        },
        Misbehaviour(testDescription: "sends a head without an end", message: "the response head from") {
            _ = $0.read()
            $0.write("HTTP/1.1 200 OK\r\n")
            let line = Array("X: \(String(repeating: "x", count: 1000))\r\n".utf8)
            while $0.write(line) {}
        },
        Misbehaviour(testDescription: "never answers", message: "no response", timeout: "300ms") {
            while $0.read() != nil {}
        },
        Misbehaviour(testDescription: "never goes on", message: "an incomplete response", timeout: "300ms") {
            _ = $0.read()
            $0.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
            while $0.read() != nil {}
        },
        Misbehaviour(testDescription: "speaks something else", message: "sent an invalid HTTP response") {
            _ = $0.read()
            $0.write("SSH-2.0-OpenSSH_9.2\r\n")
        },
        Misbehaviour(
            testDescription: "gives two lengths",
            message: "sent an invalid HTTP response: conflicting Content-Length values, 2 and 4"
        ) {
            _ = $0.read()
            $0.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 4\r\n\r\nbody")
        },
        Misbehaviour(
            testDescription: "gives two lengths in one field",
            message: "sent an invalid HTTP response: conflicting Content-Length values, 2 and 4"
        ) {
            _ = $0.read()
            $0.write("HTTP/1.1 200 OK\r\nContent-Length: 2, 4\r\n\r\nbody")
        },
        Misbehaviour(testDescription: "gives a length with a sign", message: "Content-Length \"+4\" is not a number") {
            _ = $0.read()
            $0.write("HTTP/1.1 200 OK\r\nContent-Length: +4\r\n\r\nbody")
        },
        Misbehaviour(testDescription: "gives a length below zero", message: "sent an invalid HTTP response") {
            _ = $0.read()
            $0.write("HTTP/1.1 200 OK\r\nContent-Length: -4\r\n\r\nbody")
        },
        Misbehaviour(testDescription: "gives a length that is none", message: "sent an invalid HTTP response") {
            _ = $0.read()
            $0.write("HTTP/1.1 200 OK\r\nContent-Length: 4 bytes\r\n\r\nbody")
        },
        Misbehaviour(testDescription: "gives a chunk's length that is none", message: "sent an invalid HTTP response") {
            _ = $0.read()
            $0.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nwhole\r\nbody\r\n0\r\n\r\n")
        },
        Misbehaviour(testDescription: "ends a chunk later than it said", message: "sent an invalid HTTP response") {
            _ = $0.read()
            $0.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nbody\r\n0\r\n\r\n")
        },
        Misbehaviour(testDescription: "sends without an end", message: "is longer than 1048576 bytes") {
            _ = $0.read()
            $0.write("HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n")
            let chunk = [UInt8](repeating: 120, count: 1 << 16)
            while $0.write(chunk) {}
        },
    ]

    @Test("a misbehaving server is reported as an error of the step", arguments: misbehaviours)
    func misbehaves(_ misbehaviour: Misbehaviour) async throws {
        let server = try ScriptedServer(misbehaviour.serve)
        let result = try await RunnerFixture.run(
            #"{ "id": "first", "request": { "url": "/", "timeout": "\#(misbehaviour.timeout)", "maxBody": 1048576 } }, { "id": "second", "request": { "url": "/" } }"#,
            against: server)
        #expect(result.only.outcome == .errored)
        #expect(result.only.steps.map(\.outcome) == [.errored, .skipped])
        #expect(result.messages.count == 1)
        let message = try #require(result.messages.first)
        #expect(message.hasPrefix("no complete response in step \"first\": "))
        #expect(message.contains(misbehaviour.message), "\(message)")
    }

    @Test(
        "equal lengths are accepted, and chunked coding overrides a length",
        arguments: [
            "Content-Length: 4\r\nContent-Length: 4\r\n\r\nbody", "Content-Length: 4, 04\r\n\r\nbody",
            "Content-Length: 7\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n",
        ])
    func lengths(_ rest: String) async throws {
        let server = try ScriptedServer { connection in
            _ = connection.read()
            connection.write("HTTP/1.1 200 OK\r\n\(rest)")
        }
        let result = try await RunnerFixture.run(
            #"{ "id": "a", "request": { "url": "/" }, "expect": { "body": "body" } }"#, against: server)
        #expect(result.messages == [])
    }

    @Test("a refused connection is reported, even in a burst")
    func refused() async throws {
        let base: BaseURL
        do { base = try ScriptedServer { _ in }.base }  // Closed again, so nothing listens there now.
        for repetition in ["", #""burst": { "count": 2 }, "#] {
            let scenario = try RunnerFixture.read(
                #"{ "name": "test", "steps": [ { "id": "a", \#(repetition)"request": { "url": "/" } } ] }"#)
            let result = await ScenarioRunner(base: base).run([scenario])
            #expect(result.only.outcome == .errored)
            #expect(result.messages[0].contains("could not connect to \(base.text)"), "\(result.messages)")
        }
    }

    @Test(
        "a request that cannot be sent is an error at its place in the file",
        arguments: [
            (#""url": "{{'htp'}}://127.0.0.1/x""#, "is not an http or https URL"),
            (#""url": "/a{{'\u0000'}}b""#, #"/a\0b" is not a valid URL: it contains a control character"#),
            (#""url": "/", "method": "GET\r\nX: y""#, "is not a valid method"),
            (#""url": "/", "method": """#, "is not a valid method"),
            (#""url": "/", "file": "none.bin""#, "none.bin cannot be read: there is no such file"),
            (#""url": "/", "file": "/tmp""#, "/tmp cannot be read: it is a directory"),
        ])
    func unsendable(_ request: String, _ message: String) async throws {
        let server = try ScriptedServer(answering: { _ in ScriptedAnswer(200) })
        let result = try await RunnerFixture.run(#"{ "id": "a", "request": { \#(request) } }"#, against: server)
        #expect(result.only.outcome == .errored)
        let diagnostic = try #require(result.only.failures.first?.diagnostic)
        #expect(diagnostic.message.contains(message), "\(diagnostic.message)")
        #expect(diagnostic.file.bytes[diagnostic.range.lowerBound] == UInt8(ascii: "{"), "it is within the request")
    }

    @Test("a URL's fragment is not sent, and query parameters are added before it")
    func fragments() async throws {
        let targets = Mutex<[String]>([])
        let server = try ScriptedServer(answering: { request in
            targets.withLock { $0.append(request.target) }
            return ScriptedAnswer(200)
        })
        let result = try await RunnerFixture.run(
            #"""
            { "id": "a", "request": { "url": "/x?a=1#f", "query": { "b": "1" } } },
            { "id": "b", "request": { "url": "/x#f?", "query": { "b": "1" } } },
            { "id": "c", "request": { "url": "/x#f" } },
            { "id": "d", "request": { "url": "/x?", "query": { "b": "1" } } },
            { "id": "e", "request": { "url": "/x?a&", "query": { "b": "1" } } }
            """#, against: server)
        #expect(result.messages == [])
        #expect(targets.withLock { $0 } == ["/x?a=1&b=1", "/x?b=1", "/x", "/x?b=1", "/x?a&b=1"])
    }

    @Test("only transport errors are retried")
    func retries() async throws {
        let count = Atomic<Int>(0)
        let server = try ScriptedServer { connection in
            guard connection.read() != nil, count.add(1, ordering: .relaxed).newValue > 2 else { return }
            connection.write(ScriptedAnswer(503).bytes)
        }
        let result = try await RunnerFixture.run(
            #"{ "id": "a", "retry": 5, "request": { "url": "/" }, "expect": { "status": 503 } }"#, against: server)
        #expect(result.messages == [])
        #expect(count.load(ordering: .relaxed) == 3)
    }

    @Test("an invalid request is neither retried nor counted")
    func unsendableAgain() async throws {
        let server = try ScriptedServer(answering: { _ in ScriptedAnswer(200) })
        let result = try await RunnerFixture.run(
            #"{ "id": "a", "retry": 100, "request": { "url": "/", "method": "A B" } }"#, against: server)
        #expect(result.only.outcome == .errored && result.only.requests == 0)
        #expect(result.only.steps[0].duration < .seconds(5))
    }

    @Test("folded header fields are accepted, and trailers are not headers")
    func fields() async throws {
        let server = try ScriptedServer { connection in
            _ = connection.read()
            connection.write(
                "HTTP/1.1 200 OK\r\nA: 1,\r\n b: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nTrailer: 3\r\nA: 4\r\n\r\n"
            )
        }
        let result = try await RunnerFixture.run(
            #"{ "id": "a", "request": { "url": "/" }, "expect": { "headers": { "A": "1, b: 2", "b": { "exists": false }, "Trailer": { "exists": false } } } }"#,
            against: server)
        #expect(result.messages == [])
    }

    @Test(
        "every sent request is counted, whatever its outcome",
        arguments: [#""retry": 3"#, #""burst": { "count": 4 }"#])
    func counts(_ repetition: String) async throws {
        let count = Atomic<Int>(0)
        let server = try ScriptedServer { connection in
            if connection.read() != nil { count.add(1, ordering: .relaxed) }
        }
        let result = try await RunnerFixture.run(
            #"{ "id": "a", \#(repetition), "request": { "url": "/" } }"#, against: server)
        #expect(result.only.outcome == .errored)
        #expect(count.load(ordering: .relaxed) == 4)
        #expect(result.only.steps[0].requests == 4)
        #expect(result.only.requests == 4)
    }

    @Test("a JSONPath expectation on a body that is not JSON says so")
    func notJSON() async throws {
        let server = try ScriptedServer(answering: { _ in ScriptedAnswer(200, body: "<html>") })
        let result = try await RunnerFixture.run(
            #"{ "id": "a", "request": { "url": "/" }, "expect": { "json": { "$.a": 1 } } }"#, against: server)
        #expect(result.only.outcome == .failed)
        #expect(result.only.failures[0].diagnostic.notes.contains { $0.text.hasPrefix("the body is not JSON: ") })
    }

    @Test("redirects are followed only on request and up to a limit")
    func redirects() async throws {
        let server = try ScriptedServer(answering: { request in
            switch request.target {
            case "/done": ScriptedAnswer.json("{\"method\":\"\(request.method)\"}")
            case "/loop": ScriptedAnswer(302, [("Location", "/loop")])
            default: ScriptedAnswer(303, [("Location", "/done")])
            }
        })
        let result = try await RunnerFixture.run(
            """
            { "id": "not", "request": { "url": "/" }, "expect": { "status": 303, "headers": { "Location": "/done" } } },
            { "id": "yes", "request": { "method": "POST", "url": "/", "json": {}, "followRedirects": 1 },
              "expect": { "status": 200, "json": { "$.method": "GET" } } },
            { "id": "loop", "request": { "url": "/loop", "followRedirects": 3 } }
            """, against: server)
        #expect(result.only.steps.map(\.outcome) == [.passed, .passed, .errored])
        #expect(result.messages[0].contains("redirected too many times"), "\(result.messages)")
    }

    @Test("a compressed body is decompressed before it is examined")
    func compression() async throws {
        // printf '{"a":1}' | gzip -n
        let gzip: [UInt8] = [
            31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 171, 86, 74, 84, 178, 50, 172, 5, 0, 175, 172, 27, 86, 7, 0, 0, 0,
        ]
        let server = try ScriptedServer(answering: { request in
            guard request.headers["accept-encoding"]?.contains("gzip") == true else { return ScriptedAnswer(406) }
            return ScriptedAnswer(200, [("Content-Encoding", "gzip")], bytes: gzip)
        })
        let result = try await RunnerFixture.run(
            #"{ "id": "a", "request": { "url": "/", "compressed": true }, "expect": { "status": 200, "json": { "$": { "equals": { "a": 1 } } } } }"#,
            against: server)
        #expect(result.messages == [])
    }

    @Test("a scenario that exceeds its timeout is stopped, and its teardown runs")
    func timeLimit() async throws {
        let server = try ScriptedServer(answering: { _ in ScriptedAnswer(200) })
        let result = try await RunnerFixture.run(
            #"{ "id": "a", "sleep": "1h" }"#, head: #""teardown": [ { "id": "t", "request": { "url": "/" } } ],"#,
            against: server, { $0.timeout = .milliseconds(50) })
        #expect(result.messages == ["the scenario did not finish within 50.0ms, in step \"a\""])
        #expect(result.only.steps.map(\.outcome) == [.errored, .passed])
    }

    @Test("every scenario has its own loopback address unless it sets another")
    func addresses() async throws {
        let server = try ScriptedServer(answering: { _ in ScriptedAnswer(200) })
        let step = #"{ "id": "a", "request": { "url": "/" } }"#
        let own = try await RunnerFixture.run(step, against: server)
        let shared = try await RunnerFixture.run(step, head: #""client": { "address": "shared" },"#, against: server)
        let fixed = try await RunnerFixture.run(step, head: #""client": { "address": "127.9.9.9" },"#, against: server)
        #expect(own.only.address?.hasPrefix("127.") == true)
        #expect(shared.only.address == nil)
        #expect(fixed.only.address == "127.9.9.9")
        #expect([own, shared, fixed].flatMap(\.messages) == [])
    }
}
