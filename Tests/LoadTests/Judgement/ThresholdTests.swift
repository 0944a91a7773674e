import Histogram
import Scenario
import Testing

@testable import Load

@Suite("Thresholds")
struct ThresholdTests {
    /// 4,000 reads of 250 µs, of which 3,999 are hits and one failed, plus 2 errors; 100 creates of 2 ms.
    static let result: LoadResult = {
        func group(_ count: Int, _ time: Nanoseconds) -> ResponseGroup {
            var times = TimeHistogram.times()
            for _ in 0..<count { times.record(time: time) }
            return ResponseGroup(
                count: count, rate: Double(count) / 2, bytes: 0, times: Timing(response: times, service: times))
        }
        let read = StepResult(
            id: "read", all: group(4000, 250_000), classes: [group(3999, 250_000)], statuses: [:], failedResponses: 1,
            failures: [], errors: [.timeout: Tally(count: 2, example: "")])
        let create = StepResult(
            id: "create.new", all: group(100, 2_000_000), classes: [group(0, 0)], statuses: [:], failedResponses: 0,
            failures: [], errors: [:])
        return LoadResult(
            name: "t", target: "", model: ModelSummary(.closed), startedAt: 0, virtualUsers: 1, warmUp: 0,
            duration: 2_000_000_000, measured: 2_000_000_000, wasInterrupted: false, classes: ["hit"],
            steps: [read, create], reopened: [], seconds: [], generator: GeneratorUsage(threads: []))
    }()

    private static func scenario(_ thresholds: String) throws -> Scenario {
        let text = """
            { "name": "t", "steps": [
                { "id": "read", "request": { "url": "/" } }, { "id": "create.new", "request": { "url": "/" } }],
              "load": { "classes": { "hit": { "status": 200 } },
                "thresholds": { \(thresholds) } } }
            """
        return try ScenarioReader.read(SourceFile(path: "t.json", bytes: Array(text.utf8)))
    }

    static func outcome(
        _ metric: String, _ matcher: String, of result: LoadResult = ThresholdTests.result
    ) throws -> ThresholdOutcome {
        let scenario = try scenario("\"\(metric)\": \(matcher)")
        let threshold = try #require(scenario.load.thresholds.first)
        return ThresholdOutcome(
            threshold, of: result, in: scenario.file,
            scope: Scope(context: TemplateContext(now: { 0 }, readFile: { _ in [] })))
    }

    @Test(
        "a merged threshold that only the parts could evaluate passes if it passed in all of them",
        arguments: ["\"lt\": \"{{limit}}\"", "\"lt\": \"**ms\"", "\"lt\": ***"])
    func merged(requirement: String) {
        func passed(_ parts: Bool...) -> [Bool] {
            let thresholds = parts.map {
                (
                    path: "a",
                    thresholds: [
                        LoadDocument.Threshold(
                            metric: "p99", requirement: requirement, actual: 1, verdict: $0 ? "passed" : "failed")
                    ]
                )
            }
            return Self.result.thresholds(ofParts: thresholds).map(\.passed)
        }
        #expect(passed(true, true) == [true])
        #expect(passed(true, false) == [false])
        #expect(passed(false, true) == [false])
    }

    @Test(
        "each metric selects its figure",
        arguments: [
            ("count", 4100), ("read.count", 4000), ("classes.hit.count", 3999), ("create.new.classes.hit.count", 0),
            ("rate", 2050), ("read.share", 4000.0 / 4100), ("classes.hit.share", 3999.0 / 4100),
            ("read.classes.hit.share", 0.99975), ("errors", 2), ("read.errorShare", 2.0 / 4002),
            ("create.new.errors", 0),
            ("failures", 1), ("failureShare", 1.0 / 4100), ("read.p99", 0.25), ("create.new.max", 2), ("min", 0.25),
            ("create.new.service.mean", 2),
        ] as [(String, Double)])
    func figures(metric: String, expected: Double) throws {
        let outcome = try Self.outcome(metric, #"{ "gte": 0 }"#)
        #expect(outcome.passed)
        // Times have three digits.
        #expect(abs(try #require(outcome.figure.lower) - expected) <= expected / 1000)
    }

    @Test("a threshold passes or fails in any unit of time, and is undecided with too few samples")
    func outcomes() throws {
        #expect(try Self.outcome("read.p99", #"{ "lt": "300us" }"#).passed)
        #expect(try !Self.outcome("read.p99", #"{ "lt": "0.2ms" }"#).passed)
        #expect(try Self.outcome("p50", #"{ "lt": 0.3, "gt": 0.2 }"#).passed)
        #expect(try !Self.outcome("errors", "0").passed)
        let rare = try Self.outcome("create.new.p99", #"{ "lt": "1h" }"#)
        #expect(rare.figure == .unavailable && rare.verdict == .undecided(.tooFewSamples))
        #expect(rare.wanted == "< 1h" && rare.requirement == #""lt": "1h""# && rare.place.hasPrefix("t.json:4:"))
    }

    @Test(
        "an unknown metric is an error in the file, with a suggestion",
        arguments: [
            ("reed.p99", "did you mean \"read.p99\"?"), ("classes.hits.share", "did you mean \"classes.hit.share\"?"),
            ("read.p100", nil), ("share", nil), ("read.offered", nil), ("classes.hit.errors", nil), ("p", nil),
        ] as [(String, String?)])
    func unknown(metric: String, help: String?) throws {
        let error = try #require(throws: InvalidFile.self) { try Self.scenario("\"\(metric)\": { \"lt\": 1 }") }
        #expect(error.diagnostics.map(\.code) == [.invalidValue])
        #expect(error.diagnostics[0].position.line == 4)
        if let help { #expect(error.diagnostics[0].help == help) }
    }
}
