import Scenario
import Testing

@testable import Load

@Suite struct ScenarioJudgeTests {
    private static let scenario = """
        { "name": "judged",
          "steps": [{ "id": "read", "request": { "url": "/" },
                      "expect": { "status": "2xx", "headers": { "Content-Type": "application/json" },
                                  "json": { "$.todos": { "type": "array", "length": 2 }, "$.next": { "exists": false } } } }],
          "load": { "classes": { "hit": { "json": { "$.source": "cache" } }, "limited": { "status": 429 } } } }
        """

    @Test(
        "each failed condition sets a bit of the verdict and is explained",
        arguments: [
            ("200 OK", "application/json", #"{"source":"cache","todos":[1,2]}"#, 0b01, [:]),
            (
                "200 OK", "text/plain", #"{"source":"database","todos":[1,2,3],"next":1}"#, 0,
                [
                    1: #"header Content-Type: expected "application/json" (string), got "text/plain" (string)"#,
                    3: "$.todos: expected a length of 2, got [1,2,3] (array)",
                    4: "$.next: expected no value, got 1 (number)",
                ]
            ),
            (
                "429 Too Many Requests", "application/json", #"{"todos":[1,2]}"#, 0b10,
                [
                    0: "status: expected below 300, got 429 (number)"
                ]
            ),
        ] as [(String, String, String, UInt64, [Int: String])])
    func verdict(_ status: String, _ type: String, _ body: String, _ classes: UInt64, _ failures: [Int: String]) throws
    {
        let scenario = try ScenarioReader.read(SourceFile(path: "test.json", bytes: Array(Self.scenario.utf8)))
        guard case .request(let request) = scenario.steps[0].action else {
            Issue.record("not a request")
            return
        }
        let judge = ScenarioJudge(
            steps: [StepChecks(request, in: scenario.file)], classes: scenario.load.classes.map(\.expectation),
            scope: RunScope(
                variables: [:], sources: TemplateSources(environment: [:], now: { 0 }, readFile: { _ in [] })),
            secrets: RunSecrets(Secrets(), requests: [request]))
        let bytes = Array(answer(body, status: status, headers: "Content-Type: \(type)\r\n").utf8)
        var parser = ResponseParser()
        #expect(try parser.advance(over: bytes.span.bytes) == .complete(length: bytes.count))
        let response = ReceivedResponse(parser, bytes: bytes.span.bytes, length: bytes.count)
        let iteration = UserIteration(user: 0, number: 0)
        var captured: UserVariables.Values = [:]
        let verdict = judge.judge(response, step: 0, iteration: iteration, captured: &captured)
        #expect(verdict.classes == classes)
        #expect(verdict.failures == failures.keys.reduce(0) { $0 | 1 << UInt64($1) })
        for (assertion, text) in failures {
            #expect(judge.explain(response, step: 0, iteration: iteration, assertion: assertion) == text)
        }
    }
}
