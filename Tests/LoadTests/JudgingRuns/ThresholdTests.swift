import Histogram
import Scenario
import Testing

@testable import Load

@Suite struct ThresholdTests {
    /// 4,000 reads of 250 µs, of which 3,999 are hits and one failed, plus 2 errors; 100 creates of 2 ms.
    static let result: LoadResult = {
        func group(_ count: Int, _ time: Nanoseconds) -> ResponseGroup {
            var times = TimeHistogram.times()
            for _ in 0..<count { times.record(time: time) }
            return ResponseGroup(
                count: count, rate: Double(count) / 2, bytes: 0, times: Timing(response: times, service: times))
        }
        let read = LoadStepResult(
            id: "read", all: group(4000, 250_000), classes: [group(3999, 250_000)], statuses: [:], failedResponses: 1,
            failures: [], errors: [.timeout: Tally(count: 2, example: "")])
        let create = LoadStepResult(
            id: "create.new", all: group(100, 2_000_000), classes: [group(0, 0)], statuses: [:], failedResponses: 0,
            failures: [], errors: [:])
        return LoadResult(
            name: "t", target: "", model: ModelSummary(.closed), startedAt: 0, virtualUsers: 1, warmUp: 0,
            duration: 2_000_000_000, measured: 2_000_000_000, wasInterrupted: false, classes: ["hit"],
            steps: [read, create], reconnects: [], seconds: [], generator: GeneratorUsage(threads: []))
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
    ) throws -> EvaluatedThreshold {
        try #require(outcomes(metric, matcher, of: result).first)
    }

    static func outcomes(
        _ metric: String, _ matcher: String, of result: LoadResult = ThresholdTests.result,
        variables: [String: JSON] = [:], secrets: Secrets = Secrets()
    ) throws -> [EvaluatedThreshold] {
        let scenario = try scenario("\"\(metric)\": \(matcher)")
        let context = TemplateContext(now: { 0 }, readFile: { _ in [] })
        return scenario.load.thresholds.map {
            EvaluatedThreshold(
                $0, of: result, in: scenario.file, scope: Scope(variables: variables, context: context),
                secrets: secrets)
        }
    }

    @Test("a merged threshold without a value passes if it passed in all parts")
    func merged() throws {
        let known = try Self.outcome("read.p99", #"{ "lt": "300us" }"#)
        func verdicts(_ parts: Bool...) throws -> [ThresholdVerdict] {
            let loads = parts.enumerated().map { index, passed in
                var secret = known
                (secret.value, secret.verdict) = (nil, passed ? .passed : .failed)
                var result = Self.result
                result.startedAt += Double(index)
                return (name: "\(index)", load: EvaluatedLoad(result, thresholds: [known, secret]))
            }
            return try EvaluatedLoad.merging(loads).thresholds.map(\.verdict)
        }
        #expect(try verdicts(true, true) == [.passed, .passed])
        #expect(try verdicts(true, false) == [.passed, .failed])
        #expect(try verdicts(false, true) == [.passed, .failed])
    }

    @Test("a threshold is read back from the JSON report as it was evaluated")
    func document() throws {
        let limits = #"{ "lt": "0.3ms", "gt": "{{limit}}" }"#
        var thresholds = try Self.outcomes("p50", limits, variables: ["limit": "200us"])
        thresholds += try Self.outcomes("classes.hit.share", #"{ "ne": 0.5 }"#) + Self.outcomes("errors", "2")
        #expect(thresholds.map(\.comparison) == [.lt, .gt, .ne, .eq])
        #expect(thresholds.map(\.value) == [0.3, 0.2, 0.5, 2] && thresholds.allSatisfy(\.passed))
        let document = LoadDocument(EvaluatedLoad(Self.result, thresholds: thresholds))
        var read = try EvaluatedLoad(reading: document.encoded()).thresholds
        for index in read.indices { read[index].place = thresholds[index].place }
        #expect(read == thresholds)
    }

    @Test("a threshold's value is not kept if it is secret, in whatever form it is written")
    func secrets() throws {
        var secrets = Secrets()
        secrets.insert(.string("12345"))
        for matcher in [#"{ "lt": 12345 }"#, #"{ "lt": "12345ms" }"#, #"{ "lt": "12.345s" }"#, #"{ "lt": "{{x}}" }"#] {
            let outcomes = try Self.outcomes("p50", matcher, variables: ["x": 12345], secrets: secrets)
            #expect(outcomes.map(\.value) == [nil] && outcomes.map(\.passed) == [true], "\(matcher)")
        }
    }

    @Test(
        "a threshold that no number can meet is an error in the file",
        arguments: [
            ("count", #"{ "contains": 1 }"#), ("count", #"{ "lt": "5ms" }"#), ("count", "{}"), ("p50", "true"),
            ("p50", #"{ "lt": "5 parsecs" }"#), ("p50", #"{ "lt": [1] }"#),
        ])
    func impossible(metric: String, matcher: String) throws {
        let error = try #require(throws: InvalidFile.self) { try Self.scenario("\"\(metric)\": \(matcher)") }
        #expect(error.diagnostics.map(\.position.line) == [4])
    }

    @Test(
        "each metric selects its figure",
        arguments: [
            ("count", 4100), ("read.count", 4000), ("classes.hit.count", 3999), ("create.new.classes.hit.count", 0),
            ("rate", 2050), ("read.share", 4000.0 / 4100), ("classes.hit.share", 3999.0 / 4100),
            ("read.classes.hit.share", 0.99975), ("errors", 2), ("read.errorShare", 2.0 / 4002),
            ("create.new.errors", 0),
            ("failedResponses", 1), ("failedResponseShare", 1.0 / 4100), ("read.p99", 0.25), ("create.new.max", 2),
            ("min", 0.25),
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
        #expect(try Self.outcomes("p50", #"{ "lt": 0.3, "gt": 0.2 }"#).map(\.passed) == [true, true])
        #expect(try !Self.outcome("errors", "0").passed)
        let rare = try Self.outcome("create.new.p99", #"{ "lt": "1h" }"#)
        #expect(rare.figure == .unavailable && rare.verdict == .undecided(.tooFewSamples))
        #expect(rare.value == 3_600_000 && rare.comparison == .lt && rare.place.hasPrefix("t.json:4:"))
        #expect(try Self.outcome("p50", #"{ "lt": "{{none}}" }"#).verdict == .undecided(.unreadable))
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
