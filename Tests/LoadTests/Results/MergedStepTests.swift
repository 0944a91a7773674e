import Histogram
import Testing

@testable import Load

/// How each field of a step is merged.
@Suite struct MergedStepTests {
    private static func result(at offset: Double = 0, _ change: (inout LoadStepResult) -> Void)
        -> LoadResult
    {
        var result = ThresholdTests.result
        result.startedAt = 1_700_000_000 + offset
        result.steps[1].all.times.response.record(time: 1_000_000 * Nanoseconds(2 + offset * 4))
        change(&result.steps[0])
        return result
    }

    private static func merge(_ results: LoadResult...) throws -> LoadStepResult {
        try LoadResult.merging(results.enumerated().map { ("\($0).json", $1) }).steps[0]
    }

    @Test("a merge adds the responses of a step and of each class, with their times")
    func groups() throws {
        func group(_ factor: Int, _ time: Nanoseconds) -> ResponseGroup {
            var group = ResponseGroup(
                count: factor, late: 2 * factor, rate: 3 * Double(factor), bytes: 4 * factor,
                times: Timing())
            group.times.response.record(time: time)
            group.times.service.record(time: time + 100)
            group.times.adjustedResponse.record(time: time + 200)
            group.times.adjustedService.record(time: time + 300)
            return group
        }
        let one = Self.result { ($0.all, $0.classes) = (group(1, 100), [group(2, 100)]) }
        let other = Self.result(at: 0.5) { ($0.all, $0.classes) = (group(10, 500), [group(20, 500)]) }
        let step = try Self.merge(one, other)
        for (sum, factor) in zip([step.all] + step.classes, [11, 22]) {
            #expect(sum.count == factor && sum.late == 2 * factor && sum.rate == 3 * Double(factor))
            #expect(sum.bytes == 4 * factor)
            let times = [
                sum.times.response, sum.times.service, sum.times.adjustedResponse,
                sum.times.adjustedService,
            ]
            #expect(times.map(\.totalCount) == [2, 2, 2, 2])
            #expect(
                times.map(\.min) == [100, 200, 300, 400] && times.map(\.max) == [500, 600, 700, 800])
        }
    }

    @Test(
        "a merge adds statuses, unfinished requests and errors by kind, and keeps the first example")
    func kinds() throws {
        let one = Self.result {
            $0.statuses = [200: 1, 404: 2]
            $0.failedResponses = 3
            $0.unfinished = [.inFlight: 4]
            $0.errors = [.timeout: Tally(count: 5, example: "first")]
        }
        let other = Self.result(at: 0.5) {
            $0.statuses = [200: 10, 500: 20]
            $0.failedResponses = 30
            $0.unfinished = [.inFlight: 40, .waitingForUser: 7]
            $0.errors = [
                .timeout: Tally(count: 50, example: "second"), .reset: Tally(count: 8, example: "third"),
            ]
        }
        let step = try Self.merge(one, other)
        #expect(step.statuses == [200: 11, 404: 2, 500: 20] && step.failedResponses == 33)
        #expect(step.unfinished == [.inFlight: 44, .waitingForUser: 7])
        #expect(
            step.errors == [
                .timeout: Tally(count: 55, example: "first"), .reset: Tally(count: 8, example: "third"),
            ])
    }

    @Test("a merge adds failures with the same place and assertion")
    func failures() throws {
        func failure(_ assertion: String, _ place: String, _ count: Int) -> AssertionFailure {
            AssertionFailure(assertion: assertion, place: place, count: count, example: "\(count)")
        }
        let one = Self.result { $0.failures = [failure("a", "t:1:1", 1)] }
        let other = Self.result(at: 0.5) {
            $0.failures = [
                failure("a", "t:2:2", 10), failure("b", "t:1:1", 100), failure("a", "t:1:1", 1000),
            ]
        }
        var same = failure("a", "t:1:1", 1001)
        same.example = "1"
        #expect(
            try Self.merge(one, other).failures == [
                same, failure("a", "t:2:2", 10), failure("b", "t:1:1", 100),
            ])
    }

    @Test("a merge adds the times of requests without a response")
    func censored() throws {
        func waited(_ time: Nanoseconds, at offset: Double) -> LoadResult {
            Self.result(at: offset) {
                $0.censored.record(Elapsed(sinceIntended: time, sinceSent: time - 200, sendLag: 100))
            }
        }
        let censored = try Self.merge(waited(500, at: 0), waited(900, at: 0.5)).censored
        let times = [censored.response, censored.adjustedResponse, censored.service]
        #expect(times.map(\.totalCount) == [2, 2, 2])
        #expect(times.map(\.min) == [500, 400, 300] && times.map(\.max) == [900, 800, 700])
    }
}
