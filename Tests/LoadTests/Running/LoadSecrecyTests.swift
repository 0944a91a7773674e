import Report
import Scenario
import ScenarioRunner
import Synchronization
import Testing
import TestSupport

@testable import Load

/// No output of a load shows a secret.
@Suite(.timeLimit(.minutes(1)))
struct LoadSecrecyTests {
    /// A server that issues a new token with each response except an echo's, and echoes the request with the last
    /// token.
    private static func server() throws -> ScriptedServer {
        let count = Atomic<Int>(0)
        return try ScriptedServer { connection in
            while let request = connection.read()?.text {
                let token = "tok\(count.add(1, ordering: .relaxed).newValue)en/+Qz"
                let isEcho = request.hasPrefix("POST /echo")
                let body: JSON = ["token": isEcho ? .null : .string(token), "echo": .string(request)]
                connection.write(answer(body.serialized(), headers: "X-Echo: \(request.prefix { $0 != "\r\n" })\r\n"))
            }
        }
    }

    /// All output of a load run.
    private static func everything(_ result: LoadResult, _ thresholds: [EvaluatedThreshold]) throws -> String {
        let line = LoadProgressLine(style: .plain, classes: result.classes, duration: .seconds(1))
        let load = EvaluatedLoad(result, thresholds: thresholds)
        var text = try EvaluatedLoad.formats.map { try $0.render(load) }.joined()
        for second in result.seconds {
            text += line.plain(second) + line.live(progress: 0.5, latest: second, errors: result.errors)
        }
        for step in result.steps { dump((step.failures, step.errors), to: &text) }
        dump(thresholds, to: &text)
        return text
    }

    @Test(
        "no output shows a secret, plain or encoded, whether declared, captured or sent as credentials",
        arguments: [
            "hunter22", "a b&c=d/é", #"pa"ss\wörd"#, "<&>'\"%41+x", "123456789", "Sup3r>S?cret",
            "line\nbreak",
        ])
    func nothingSecret(secret: String) throws {
        let server = try Self.server()
        let value = JSON.string(secret).serialized()
        let scenario = """
            { "name": "secrecy",
              "variables": { "pw": { "value": \(value), "secret": true }, "user": "u{{virtualUser()}}",
                             "key": "k3y-{{virtualUser()}}-Zq" },
              "setup": [{ "id": "login", "request": { "method": "POST", "url": "/login", "json": { "p": "{{pw}}" } },
                          "capture": { "token": { "json": "$.token", "secret": true } } }],
              "steps": [
                { "id": "renew", "request": { "url": "/renew?t={{urlEncode(token)}}", "bearer": "{{token}}" },
                  "expect": { "body": "x", "json": { "$.echo": "{{pw}}" }, "headers": { "X-Echo": "y" } },
                  "capture": { "token": { "json": "$.token", "secret": true },
                               "none": { "json": "$.echo", "match": "^never (.*)" } } },
                { "id": "echo", "request": { "method": "POST", "url": "/echo?p={{urlEncode(pw)}}",
                    "basic": { "username": "{{user}}", "password": "{{key}}" },
                    "headers": { "A": "{{base64(pw)}}", "B": "{{base64(token)}}" },
                    "json": { "p": "{{pw}}", "t": "{{token}}" } },
                  "expect": { "body": { "contains": \(value), "startsWith": "z" }, "json": { "$.none": \(value) } } },
                { "id": "unwritable", "request": { "url": "http://{{token}}:{{key}}@127.0.0.9/{{pw}}" } }],
              "load": { "setup": "perUser", "thresholds": { "count": { "lt": 123456789 }, "p50": { "lt": "1ns" } } } }
            """
        var session = try LoadSessionTests.session(server.port, scenario, requests: 36)
        try session.setUp()
        let result = try session.start(stop: StopFlag()).finish()
        let text = try Self.everything(result, session.thresholds(of: result))
        #expect(result.responses > 3)
        #expect(result.steps[0].failures.count >= 3 && result.steps[1].failures.count >= 2)
        #expect(result.steps.last?.errors[.rendering] != nil)

        let bytes = Array(secret.utf8)
        let credentials = (0..<3).map { Encoding.base64(Array("u\($0):k3y-\($0)-Zq".utf8)) }
        let forms = [
            secret, Encoding.percent(secret), Encoding.base64(bytes), Encoding.base64url(bytes), "en/+Qz", "en%2F%2BQz",
            "-Zq", Encoding.base64(Array("k3y-1-Zq".utf8)),
        ]
        for form in forms + credentials { #expect(!text.contains(form), "\(form) is shown") }
        #expect(text.contains(Secrets.mask))
    }

    @Test("an old token echoed by the server is masked even when a new one is captured")
    func oldToken() throws {
        let server = try Self.server()
        var session = try LoadSessionTests.session(
            server.port,
            """
            { "name": "old", "steps": [
                { "id": "renew", "request": { "url": "/first" },
                  "capture": { "token": { "json": "$.token", "secret": true } } },
                { "id": "again", "request": { "url": "/", "bearer": "{{token}}" }, "expect": { "json": { "$.echo": 1 } },
                  "capture": { "token": { "json": "$.token", "secret": true } } }] }
            """, requests: 12)
        try session.setUp()
        let result = try session.start(stop: StopFlag()).finish()
        let example = try #require(result.steps[1].failures.first?.example)
        #expect(example.contains("Bearer ***") && !example.contains("Qz"))
    }
}
