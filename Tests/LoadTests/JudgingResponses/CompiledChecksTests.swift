import Scenario
import Testing

@testable import Load

/// Compares compiled checks with the full evaluation, which they must agree with or leave the decision to.
@Suite struct CompiledChecksTests {
    /// A step with its checks in both forms.
    private struct Fixture {
        let judge: ScenarioJudge
        let compiled: CompiledChecks?

        init(expect: String, capture: String = "{}", classes: String = "{}", own: Set<String> = []) throws {
            let text = """
                { "name": "n", "variables": { "v": 1, "fixed": "cache" },
                  "steps": [{ "id": "s", "request": { "url": "/" }, "expect": \(expect), "capture": \(capture) }],
                  "load": { "classes": \(classes) } }
                """
            let scenario = try ScenarioReader.read(SourceFile(path: "test.json", bytes: Array(text.utf8)))
            let request = try #require(scenario.steps.first?.requests.first)
            let own = own.union(scenario.capturedUnderLoad)
            let classes = scenario.load.classes.map(\.expectation)
            let checks = StepChecks(request, classes: classes, in: scenario.file, own: own)
            let scope = RunScope(
                variables: ["fixed": "cache"],
                sources: TemplateSources(environment: [:], now: { 0 }, readFile: { _ in [] }))
            judge = ScenarioJudge(
                steps: [checks], classes: classes, scope: scope, secrets: RunSecrets(Secrets(), requests: [request]))
            compiled = CompiledChecks(checks, classes: classes, own: own, scope: scope.constant)
        }

        /// - Returns: the compiled verdict, or nil if the compiled checks could not tell.
        func compare(_ response: String, variables: UserVariables.Values = [:], serviceTime: Nanoseconds = 0) throws
            -> Verdict?
        {
            let compiled = try #require(compiled)
            let bytes = Array(response.utf8)
            var parser = ResponseParser()
            try #require(try parser.advance(over: bytes.span.bytes) == .complete(length: bytes.count))
            let received = ReceivedResponse(
                parser, bytes: bytes.span.bytes, length: bytes.count, serviceTime: serviceTime)
            var captured: UserVariables.Values = [:]
            let iteration = UserIteration(user: 0, number: 0, variables: variables)
            let verdict = judge.judge(received, step: 0, iteration: iteration, captured: &captured)
            var (found, taken): ([JSONExtract], [JSON?]) = ([], [])
            let quick = bytes.withUnsafeBytes { raw in
                compiled.verdict(
                    on: ResponseBytes(parser, raw, length: bytes.count, serviceTime: serviceTime), values: variables,
                    found: &found, captured: &taken)
            }
            guard let quick else { return nil }
            #expect(quick == verdict, "\(response)")
            #expect(UserVariables.Values(compiled.captures, taken) == captured, "\(response)")
            return quick
        }
    }

    private static let bodies = [
        #"{"a":1}"#, #"{"a":"cache"}"#, #"{"a":"c\u0061che"}"#, #"{"a":"é"}"#, #"{"a":""}"#, #"{"a":null}"#,
        #"{"a":true}"#,
        #"{"a":false}"#, #"{"a":[]}"#, #"{"a":[1,2]}"#, #"{"a":{}}"#, #"{"a":{"b":1}}"#, #"{"a":{"b":1,"b":2}}"#,
        #"{"a":1.0}"#,
        #"{"a":1e0}"#, #"{"a":-0}"#, #"{"a":0}"#, #"{"a":2}"#, #"{"a":99999999999999999999}"#, #"{"a":1,"a":2}"#,
        #"{"\u0061":1}"#,
        #"{"b":1}"#, "[]", "1", "", " ", "{", "nonsense", #"{"a":"cacher"}"#, #"{"a":"cach"}"#,
    ]

    @Test(
        "a condition on a value in the body gives the verdict of the full evaluation",
        arguments: [
            "1", #""cache""#, #""é""#, #""""#, "null", "true", "false", #""{{fixed}}""#, #""{{v}}""#,
            #"{ "ne": "{{v}}" }"#, #"{ "ne": 1 }"#, #"{ "ne": "cache" }"#, #"{ "ne": null }"#, #"{ "ne": true }"#,
            #"{ "gt": 1 }"#, #"{ "gte": 1 }"#, #"{ "lt": 1 }"#, #"{ "lte": 1, "gt": -5 }"#, #"{ "equals": 2 }"#,
            #"{ "exists": true }"#, #"{ "exists": false }"#, #"{ "startsWith": "cache" }"#, #"{ "startsWith": "" }"#,
            #"{ "type": "integer" }"#, #"{ "type": "number" }"#, #"{ "type": "string" }"#, #"{ "type": "array" }"#,
            #"{ "type": "object" }"#, #"{ "type": "null" }"#, #"{ "type": "boolean" }"#, #"{ "length": 1 }"#,
            #"{ "length": 0 }"#, #"{ "minLength": 2 }"#, #"{ "maxLength": 5 }"#,
        ])
    func values(matcher: String) throws {
        let fixture = try Fixture(
            expect: #"{ "json": { "$.a": \#(matcher) } }"#,
            classes: #"{ "same": { "json": { "$.a": \#(matcher) } }, "none": { "json": { "$.b.c[1]": 1 } } }"#,
            own: ["v"])
        var decided = 0
        for body in Self.bodies {
            for variables in [["v": 1], ["v": "cache"], ["v": nil], ["v": [1]], [:]] as [UserVariables.Values] {
                if try fixture.compare(answer(body), variables: variables) != nil { decided += 1 }
            }
        }
        #expect(decided > Self.bodies.count, "most values need no full evaluation")
    }

    @Test("a captured value is the one that the full evaluation captures, and conditions see it")
    func captures() throws {
        let fixture = try Fixture(
            expect: #"{ "status": 200, "json": { "$.b": "{{id}}" } }"#,
            capture: #"{ "id": { "json": "$.a" }, "code": { "status": true } }"#, own: ["v"])
        for body in Self.bodies + [#"{"a":7,"b":7}"#, #"{"a":"x","b":"y"}"#, #"{"b":5}"#] {
            for variables in [[:], ["id": 5]] as [UserVariables.Values] {
                _ = try fixture.compare(answer(body), variables: variables)
            }
        }
        #expect(try fixture.compare(answer(#"{"a":7,"b":7}"#)) == Verdict())
        #expect(try fixture.compare(answer(#"{"a":7,"b":8}"#)) == Verdict(failures: 0b10))
        #expect(try fixture.compare(answer(#"{"b":5}"#), variables: ["id": 5]) == Verdict(failures: 0b100))
    }

    @Test("statuses, header fields and times give the verdict of the full evaluation")
    func heads() throws {
        let fixture = try Fixture(
            expect: """
                { "status": "2xx", "time": { "lt": 5, "gte": "1ms" },
                  "headers": { "Content-Type": "text/plain", "X-A": { "exists": false }, "X-B": { "ne": "b" } } }
                """, classes: #"{ "limited": { "status": 429 }, "good": { "status": { "in": ["2xx", 304] } } }"#)
        let fields = [
            "", "content-TYPE:text/plain\r\n", "Content-Type: text/plain \r\nX-B: c\r\n",
            "Content-Type: text/plain; charset=utf-8\r\nX-B: b\r\n",
            "Content-Type: text/plain\r\nContent-Type: text/plain\r\n",
            "X-B:\r\nX-A: \r\n", "X-B: é\r\n", "X-B: b\r\n c\r\n", "X-BB: c\r\nX: c\r\n",
        ]
        var decided = 0
        for status in ["200 OK", "204 No", "304 Not", "429 Too", "500 X"] {
            for (index, field) in fields.enumerated() {
                let body = ["204", "304"].contains(status.prefix(3)) ? "" : "x"
                let time = Nanoseconds([0, 999_999, 1_000_000, 4_999_999, 5_000_000][index % 5])
                if try fixture.compare(answer(body, status: status, headers: field), serviceTime: time) != nil {
                    decided += 1
                }
            }
        }
        #expect(decided >= 30)
    }

    @Test("a chunked body is left to the full evaluation, unless no check reads it")
    func chunked() throws {
        let response = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7\r\n{\"a\":1}\r\n0\r\n\r\n"
        #expect(try Fixture(expect: #"{ "json": { "$.a": 1 } }"#).compare(response) == nil)
        #expect(try Fixture(expect: #"{ "status": 200 }"#).compare(response) == Verdict())
    }

    @Test(
        "checks that take more than a comparison are not compiled",
        arguments: [
            (#"{ "json": { "$.a": { "matches": "x" } } }"#, "{}"), (#"{ "json": { "$..a": 1 } }"#, "{}"),
            (#"{ "json": { "$.a[-1]": 1 } }"#, "{}"), (#"{ "json": { "$.a": { "each": 1 } } }"#, "{}"),
            (#"{ "json": { "$.a": 1.5 } }"#, "{}"), (#"{ "json": { "$.a": { "equals": [1] } } }"#, "{}"),
            (#"{ "json": { "$.a": "x{{v}}" } }"#, "{}"), (#"{ "json": { "$.a": { "gt": "{{v}}" } } }"#, "{}"),
            (#"{ "body": "x" }"#, "{}"), ("{}", #"{ "c": { "json": "$.a", "match": "x" } }"#),
            ("{}", #"{ "c": { "header": "X" } }"#),
        ])
    func uncompiled(expect: String, capture: String) throws {
        #expect(try Fixture(expect: expect, capture: capture, own: ["v"]).compiled == nil)
    }
}
