import Scenario
import Testing

@testable import Load

/// Thresholds on figures with bounds, or that the generator's lag affects.
@Suite struct BoundedThresholdTests {
    private static func verdict(
        _ matcher: String, _ change: (inout LoadStepResult) -> Void = { _ in }
    ) throws -> ThresholdVerdict {
        var result = ThresholdTests.result
        change(&result.steps[0])
        return try ThresholdTests.outcome("read.p99", matcher, of: result).verdict
    }

    /// 50 requests without a response after 2.1 s, more than one percent.
    private static func unfinished(_ step: inout LoadStepResult) {
        for _ in 0..<50 { step.censored.record(Elapsed(sinceIntended: 2_100_000_000)) }
    }

    /// 50 that failed immediately: the percentile is at least 250 µs and has no upper bound.
    private static func failedAtOnce(_ step: inout LoadStepResult) {
        for _ in 0..<50 { step.censored.record(Elapsed(sinceIntended: 1000)) }
    }

    /// The generator may account for 150 µs of each response time.
    private static func late(_ step: inout LoadStepResult) {
        var adjusted = TimeHistogram.times()
        for _ in 0..<4000 { adjusted.record(time: 100_000) }
        step.all.times.adjustedResponse = adjusted
    }

    @Test(
        "an upper limit passes only if no unfinished request could break it",
        arguments: [
            (#"{ "lt": "50ms" }"#, .failed), (#"{ "lte": "3s" }"#, .undecided(.unfinished)),
            (#"{ "gt": "1s" }"#, .passed), (#"{ "gte": "3s" }"#, .undecided(.unfinished)),
            (#"{ "lt": "3s" }"#, .undecided(.unfinished)), (#"{ "ne": "2100ms" }"#, .undecided(.unfinished)),
            ("2100", .undecided(.unfinished)),
        ] as [(String, ThresholdVerdict)])
    func unfinishedRequests(matcher: String, verdict: ThresholdVerdict) throws {
        #expect(try Self.verdict(matcher, Self.unfinished) == verdict)
    }

    @Test("a request that failed immediately does not count as a fast response")
    func failures() throws {
        #expect(try Self.verdict(#"{ "lt": "50ms" }"#, Self.failedAtOnce) == .undecided(.unfinished))
        #expect(try Self.verdict(#"{ "gte": "240us" }"#, Self.failedAtOnce) == .passed)
        // Four in 4,004 are less than one percent, so the percentile stays within the responses.
        #expect(
            try Self.verdict(#"{ "lt": "50ms" }"#) { step in
                for _ in 0..<4 { step.censored.record(Elapsed(sinceIntended: 1000)) }
            } == .passed)
    }

    @Test(
        "a marked figure can pass an upper limit, but is undecided where the generator could be the cause",
        arguments: [
            (#"{ "lt": "50ms" }"#, .passed), (#"{ "lt": "200us" }"#, .undecided(.generator)),
            (#"{ "lt": "90us" }"#, .failed), (#"{ "gt": "90us" }"#, .passed),
            (#"{ "gt": "200us" }"#, .undecided(.generator)), (#"{ "gt": "300us" }"#, .failed),
            (#"{ "ne": 7 }"#, .undecided(.generator)),
        ] as [(String, ThresholdVerdict)])
    func generator(matcher: String, verdict: ThresholdVerdict) throws {
        #expect(try Self.verdict(matcher, Self.late) == verdict)
    }

    @Test("a failure outranks an error in the verdict, unless the run was cut short")
    func ranking() throws {
        var result = ThresholdTests.result
        let failing = try ThresholdTests.outcome("read.p99", #"{ "lt": "1us" }"#)
        let allowing = [
            try ThresholdTests.outcome("errors", #"{ "lt": 9 }"#),
            try ThresholdTests.outcome("failedResponses", #"{ "lt": 9 }"#),
        ]
        func verdict(_ thresholds: [EvaluatedThreshold], stopped: Bool = false) -> OverallVerdict {
            EvaluatedLoad(result, thresholds: thresholds, wasStopped: stopped).verdict
        }
        #expect(verdict([failing] + allowing) == .failed)
        #expect(verdict(allowing) == .passed)
        #expect(verdict([allowing[1]]) == .undecided(.incomplete), "there are errors")
        #expect(verdict(allowing + [failing], stopped: true) == .undecided(.incomplete))
        result.steps[0].errors = [:]
        #expect(verdict([]) == .failed, "an assertion has failed")
        Self.unfinished(&result.steps[0])
        let open = try ThresholdTests.outcome("read.p99", #"{ "lt": "3s" }"#, of: result)
        #expect(verdict([open] + allowing) == .undecided(.incomplete))
    }
}
