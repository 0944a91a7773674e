import Report
import Scenario
import ScenarioRunner
import Testing
import TestSupport

/// Servers that send hostile or malformed responses.
@Suite(.timeLimit(.minutes(1)))
struct HostileServerTests {
    /// Steps that examine every part of a response with every kind of matcher, and use captured values.
    private static let steps = #"""
        { "id": "a", "repeat": 3, "request": { "url": "/", "timeout": "5s" },
          "expect": { "status": { "gte": 100 }, "headers": { "X-N": { "number": { "gt": 0 } } },
                      "json": { "$.n": { "gte": 0 }, "$..*": { "exists": true } }, "body": { "contains": "x" } } },
        { "id": "b", "repeat": 3, "request": { "url": "/", "timeout": "5s" },
          "expectAll": { "json": { "$.n": { "restToFirst": { "lt": 1 }, "percentile": { "99": { "lt": 1e400 } } } } },
          "capture": { "n": { "json": "$.n" } } },
        { "id": "c", "request": { "url": "/{{now(n)}}/{{now(n, 'iso')}}", "json": "{{pick(n, n)}}", "timeout": "5s" } }
        """#

    /// Bytes sent by the server: complete responses and malformed ones.
    private static let answers: [[UInt8]] =
        HostileResponse.bodies.map { ScriptedAnswer(200, [("X-N", "1e400")], body: $0).bytes }
        + [
            "HTTP/1.1 99999999999999999999 OK\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 -1 X\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775808\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\n{}",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{}",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n{}", "\u{0}\u{0}\u{0}\r\n\r\n",
            "HTTP/1.1 200 OK\r\n: x\r\n\u{0}: y\r\n z\r\nSet-Cookie\r\nSet-Cookie: =;=\r\n\r\n{\"n\":[]}",
            "HTTP/1.1 200 OK\r\nSet-Cookie: a=b; Expires=Mon, 99 Jan 99999999999 00:00:00 GMT; Max-Age=1e400\r\n"
                + "Content-Length: 2\r\n\r\n{}",
            "HTTP/1.1 301 X\r\nLocation: http://[::1]:99999999999/\r\nContent-Length: 0\r\n\r\n",
        ].map { Array($0.utf8) } + [[0xFF, 0xFE, 0x80], Array("HTTP/1.1 200 OK\r\nX-N: ".utf8) + [0xFF, 0xC0]]

    @Test("no response crashes the program or prevents a report", arguments: answers.indices)
    func responses(_ index: Int) async throws {
        let server = try ScriptedServer { connection in
            while connection.read() != nil, connection.write(Self.answers[index]), index < HostileResponse.bodies.count
            {}
        }
        let result = try await RunnerFixture.run(
            Self.steps, head: #""client": { "address": "shared" },"#, against: server)
        #expect(result.only.outcome > .skipped)
        for format in RunResult.formats { #expect(try !format.render(result).isEmpty) }
        let text = RunTextReport(style: .plain)
        #expect(!text.scenario(result.only).isEmpty && !text.summary(result).isEmpty)
    }
}
