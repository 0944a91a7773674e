import Scenario
import ScenarioRunner
import Testing

@testable import Load

/// Compares compiled requests with rendered ones.
@Suite struct CompiledRequestTests {
    /// A request in both forms. The variables `v` and `w` belong to each user; `fixed` is the same for all.
    private struct Fixture {
        let renderer: ScenarioRenderer
        let compiled: CompiledRequest?
        let scope: RunScope

        init(_ request: String) throws {
            let text = """
                { "name": "n", "variables": { "v": 1, "w": 1, "fixed": "ö &\\"" },
                  "steps": [{ "id": "s", "request": { \(request) } }] }
                """
            let scenario = try ScenarioReader.read(SourceFile(path: "test.json", bytes: Array(text.utf8)))
            let step = try #require(scenario.steps.first?.requests.first)
            let target = try LoadTarget(#require(BaseURL("http://127.0.0.1:1/api")))
            scope = RunScope(
                variables: ["fixed": "ö &\""],
                sources: TemplateSources(environment: [:], now: { 1_700_000_000.5 }, readFile: { _ in [1, 2] }),
                countingUsers: 3)
            renderer = ScenarioRenderer(
                template: step.request, target: target, scope: scope, secrets: RunSecrets(Secrets(), requests: []))
            compiled = CompiledRequest(step.request, target: target, own: ["v", "w"], scope: scope.constant)
        }

        func rendered(_ values: UserVariables.Values) -> String? {
            var bytes: [UInt8] = []
            do throws(ExchangeFailure) {
                try renderer.render(into: &bytes, iteration: UserIteration(user: 2, number: 41, variables: values))
            } catch { return nil }
            return String(decoding: bytes, as: UTF8.self)
        }

        func written(_ values: UserVariables.Values) throws -> String? {
            var bytes = Array("kept".utf8)
            var writer = SlotWriter(scope, seed: 1)
            let isWritten = writer.write(
                try #require(compiled), to: &bytes, user: 2, iteration: 41, values: values)
            return isWritten ? String(decoding: bytes.dropFirst(4), as: UTF8.self) : nil
        }
    }

    private static let values: [JSON] = [
        1, -7, 0, "x", "", "a b", "é", "a\"b", "a\\b", "a\nb", "a\r\nb", "\u{0}", "a/b?c#d", "%41", "~._-", nil, true,
        false, [1],
        ["a": 1], "550e8400-e29b-41d4-a716-446655440000", "http://127.0.0.1:1/x", .number(JSONNumber(literal: "1e+2")!),
        .number(JSONNumber(literal: "99999999999999999999")!), .number(JSONNumber(literal: "-0.0")!),
    ]

    @Test(
        "a request is written as it is rendered, or left to the template",
        arguments: [
            #""url": "/todos/{{v}}""#, #""url": "/{{v}}/{{w}}?a={{w}}&k=é#{{fixed}}""#, #""url": "{{v}}""#,
            #""url": "/x?{{v}}", "query": { "q": "{{w}}" }"#, #""url": "http://127.0.0.1:1/{{v}}""#,
            #""url": "/{{v.a}}""#,
            #""url": "/", "query": { "a": "{{v}}", "b": ["{{w}}", "x{{v}}y", 1], "ü": "{{fixed}}" }"#,
            #""url": "/", "headers": { "X-A": "{{v}}", "X-B": "<{{w}}>{{fixed}}" }"#, #""url": "/", "bearer": "{{v}}""#,
            #""url": "/", "headers": { "Cookie": "c={{v}}" }, "cookies": { "a": "{{w}}" }"#,
            #""method": "POST", "url": "/", "json": { "a": "{{v}}", "b": ["{{w}}", "x {{v}} y"], "c": { "d": "{{fixed}}" } }"#,
            #""method": "PUT", "url": "/{{v}}", "json": "{{w}}""#,
            #""method": "POST", "url": "/", "form": { "a": "{{v}}", "b": ["{{w}}"] }"#,
            #""method": "POST", "url": "/", "text": "{{v}}, {{w}}", "headers": { "Content-Type": "x/{{v}}" }"#,
            #""method": "POST", "url": "/", "text": "{{v}}", "headers": { "Content-Length": "3" }"#,
            #""method": "POST", "url": "/{{v}}/{{iteration()}}/{{virtualUser()}}/{{now()}}/{{now(-5)}}", "json": { "n": "{{iteration()}}" }"#,
            #""method": "DELETE", "url": "/{{v}}", "basic": { "username": "{{fixed}}", "password": "p" }"#,
        ])
    func agree(request: String) throws {
        let fixture = try Fixture(request)
        var written = 0
        for value in Self.values {
            for other in Self.values {
                let values = ["v": value, "w": other]
                guard let text = try fixture.written(values) else { continue }
                written += 1
                #expect(text == fixture.rendered(values))
            }
        }
        #expect(written > 0)
        #expect(try fixture.written([:]) == nil, "a missing value is reported by the template")
    }

    @Test("the declared length is that of the body, whatever its number of digits")
    func lengths() throws {
        let fixture = try Fixture(#""method": "POST", "url": "/", "json": { "a": "{{v}}" }"#)
        for length in [0, 1, 3, 89, 90, 91, 989, 990, 991, 9_989, 9_990, 9_991] {
            let values: UserVariables.Values = ["v": .string(String(repeating: "x", count: length))]
            let text = try #require(try fixture.written(values))
            #expect(text == fixture.rendered(values))
        }
    }

    @Test("random values have the form that templates give them")
    func random() throws {
        let fixture = try Fixture(
            #""method": "POST", "url": "/{{uuid()}}", "json": { "a": "{{uuid()}}", "b": "{{randomInt(-3, 3)}}", "c": "x{{randomString(8)}}" }"#
        )
        let form = #/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/#
        for _ in 0..<100 {
            let text = try #require(try fixture.written([:]))
            let matches = text.matches(of: form)
            #expect(matches.count == 2 && matches[0].output != matches[1].output)
            let body = try #require(text.split(separator: "\r\n").last)
            #expect(body.wholeMatch(of: #/\{"a":"[^"]{36}","b":-?[0-3],"c":"x[A-Za-z0-9]{8}"\}/#) != nil, "\(body)")
            #expect(text.contains("Content-Length: \(body.utf8.count)\r\n"))
        }
    }

    @Test("counters count each request once, in the order of a rendered request, even if writing gives up")
    func counters() throws {
        let fixture = try Fixture(#""method": "POST", "url": "/{{counter()}}/{{v}}", "json": { "a": "{{counter()}}" }"#)
        #expect(try fixture.written(["v": "a b"]) == nil)
        for number in 0..<3 {
            let values: UserVariables.Values = ["v": 1]
            let request = try number == 1 ? fixture.rendered(values) : fixture.written(values)
            let text = try #require(request)
            #expect(text.hasPrefix("POST /api/\(2 * number + 2)/1 ") && text.hasSuffix(#"{"a":\#(2 * number + 1)}"#))
        }
    }

    @Test(
        "a request whose framing, server or encoding depends on a value is not compiled",
        arguments: [
            #""method": "{{v}}", "url": "/""#, #""url": "http://{{v}}/""#,
            #""url": "/", "headers": { "Host": "{{v}}" }"#,
            #""method": "POST", "url": "/", "text": "{{v}}", "headers": { "Transfer-Encoding": "chunked" }"#,
            #""method": "POST", "url": "/", "text": "x", "headers": { "Transfer-Encoding": "{{v}}" }"#,
            #""url": "/", "basic": { "username": "{{v}}", "password": "p" }"#, #""url": "/{{base64(v)}}""#,
            #""url": "/#{{v}}""#,
            #""method": "POST", "url": "/", "multipart": { "a": "{{v}}" }"#, #""url": "/{{fixed}}""#,
        ])
    func uncompiled(request: String) throws {
        #expect(try Fixture(request).compiled == nil)
    }
}
