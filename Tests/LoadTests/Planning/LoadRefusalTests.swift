import Scenario
import ScenarioRunner
import Testing
import TestSupport

@testable import Load

/// Errors that are reported before or instead of a measurement.
@Suite(.timeLimit(.minutes(1)))
struct LoadRefusalTests {
    @Test("everything unsupported in load is reported together, with its place")
    func unsupported() throws {
        let scenario = """
            { "name": "no",
              "steps": [
                { "id": "a", "parallel": [{ "id": "k", "burst": { "count": 2 }, "request": { "url": "/" } }] },
                { "id": "b", "request": { "url": "/" }, "retry": 1, "expectAll": { "status": { "allEqual": true } } },
                { "id": "c", "parallel": [{ "id": "d", "parallel": [{ "id": "e", "request": { "url": "/" } }] }] },
                { "id": "f", "repeat": 2, "steps": [{ "id": "g", "request": { "url": "/" } }] },
                { "id": "h", "parallel": [{ "id": "i", "steps": [{ "id": "j", "request": { "url": "/" } }] }] }],
              "load": { "classes": { "odd": { "body": "{{uuid()}}" } } } }
            """
        let error = try #require(throws: InvalidFile.self) { _ = try LoadSessionTests.session(1, scenario) }
        #expect(error.diagnostics.allSatisfy { $0.code == .unsupported })
        #expect(error.diagnostics.map { $0.position.line }.sorted() == [3, 4, 4, 5, 6, 7, 8])
    }

    @Test(
        "expectations that load can never evaluate are rejected in steps and accepted in setup",
        arguments: [
            #""expect": { "phases": { "firstByte": { "lt": "1s" } } }"#,
            #""expect": { "since": { "a": { "lt": "1s" } } }"#, #""within": { "a": "1s" }"#,
        ])
    func unknown(part: String) throws {
        let step = #"{ "id": "a", "request": { "url": "/" },\#n \#(part) }"#
        let plain = #"{ "id": "b", "request": { "url": "/" } }"#
        let error = try #require(throws: InvalidFile.self) {
            _ = try LoadSessionTests.session(1, #"{ "name": "n", "setup": [\#(plain)], "steps": [\#(step)] }"#)
        }
        #expect(error.diagnostics.map(\.code) == [.unsupported])
        _ = try LoadSessionTests.session(1, #"{ "name": "n", "setup": [\#(step)], "steps": [\#(plain)] }"#)
    }

    @Test("a class that load can never evaluate is rejected")
    func unknownOfClass() throws {
        let error = try #require(throws: InvalidFile.self) {
            _ = try LoadSessionTests.session(
                1,
                #"""
                { "name": "n", "steps": [{ "id": "a", "request": { "url": "/" } }],
                  "load": { "classes": { "slow": { "phases": { "firstByte": { "gt": "1s" } } } } } }
                """#)
        }
        #expect(error.diagnostics.map { $0.position.line } == [2])
    }

    @Test(
        "a request that cannot be sent is reported with its place before the run",
        arguments: [
            #""url": "http://127.0.0.2/x""#, #""url": "/a{{' '}}b""#, #""url": "/", "method": "G T""#,
            #""url": "/", "headers": { "X": "a\r\nb" }"#, #""url": "/{{randomInt(2,1)}}""#,
        ])
    func unsendable(request: String) throws {
        let session = try LoadSessionTests.session(
            1, "{ \"name\": \"no\", \"steps\": [\n{ \"id\": \"a\", \"request\": { \(request) } }] }")
        let error = try #require(throws: Diagnostic.self) { _ = try session.start(stop: StopFlag()) }
        #expect(error.code == .rendering)
        #expect(error.position.line == 2)
    }

    @Test(
        "a failed setup stops the run",
        arguments: [
            (#""expect": { "status": 200 }"#, Diagnostic.Code.assertion),
            (#""capture": { "x": { "json": "$.nothing" } }"#, .capture),
        ])
    func setup(check: String, code: Diagnostic.Code) throws {
        let stub = try TodoStub()
        var session = try LoadSessionTests.session(
            stub.server.port,
            """
            { "name": "no", "setup": [{ "id": "a", "request": { "url": "/" }, \(check) }],
              "steps": [{ "id": "b", "request": { "url": "/" } }] }
            """)
        let error = try #require(throws: Diagnostic.self) { try session.setUp() }
        #expect(error.code == code)
        #expect(error.position.line == 1)
    }

    @Test(
        "a setup without a response reports why",
        arguments: [
            ("", "nothing listens"),
            ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", "in the middle of the response"),
            ("nonsense\r\n", "invalid HTTP response"),
        ])
    func transport(answer: String, reason: String) throws {
        let server = try ScriptedServer { connection in
            if connection.read() != nil { connection.write(answer) }
        }
        let port = reason == "nothing listens" ? UInt16(try freePort()) : server.port
        var session = try LoadSessionTests.session(
            port,
            """
            { "name": "no", "setup": [{ "id": "a", "request": { "url": "/" } }],
              "steps": [{ "id": "b", "request": { "url": "/" } }] }
            """)
        let error = try #require(throws: Diagnostic.self) { try session.setUp() }
        #expect(error.code == .transport)
        #expect(error.message.contains(reason == "nothing listens" ? "Connection refused" : reason))
    }

    @Test("setup reconnects after a close and skips interim responses")
    func reconnects() throws {
        let server = try ScriptedServer { connection in
            if connection.read() != nil {
                connection.write("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 200 OK\r\n\r\nbody")
            }
        }
        var session = try LoadSessionTests.session(
            server.port,
            """
            { "name": "no", "setup": [
                { "id": "a", "repeat": 3, "request": { "url": "/" }, "expect": { "body": "body", "httpVersion": "1.0" } }],
              "steps": [{ "id": "b", "request": { "url": "/" } }] }
            """)
        try session.setUp()
        #expect(server.requests == 3)
    }
}
