import Histogram
import Scenario
import Testing

@testable import Load

/// How each field of a result is merged.
@Suite struct MergedFieldsTests {
    /// A result whose measurement began this many seconds after the first one's and lasted two seconds.
    private static func result(at offset: Double = 0, _ change: (inout LoadResult) -> Void = { _ in })
        -> LoadResult
    {
        var result = ThresholdTests.result
        result.startedAt = 1_700_000_000 + offset
        // Runs with the same start and times are taken to be the same run.
        result.steps[1].all.times.response.record(time: 1_000_000 * Nanoseconds(2 + offset))
        change(&result)
        return result
    }

    private static func merge(_ results: LoadResult...) throws -> LoadResult {
        try LoadResult.merging(results.enumerated().map { ("\($0).json", $1) })
    }

    private static func error(_ results: LoadResult...) throws -> String {
        let error = try #require(throws: UnmergeableResults.self) {
            try LoadResult.merging(results.enumerated().map { ("\($0).json", $1) })
        }
        return error.description
    }

    @Test("virtual users, arrivals and rates are added in a merge")
    func counts() throws {
        let one = Self.result {
            ($0.virtualUsers, $0.offered, $0.offeredRate) = (1, 10, 100)
            ($0.arrivalsWithoutUser, $0.bunchedArrivals) = (1000, 10_000)
        }
        let other = Self.result(at: 0.5) {
            ($0.virtualUsers, $0.offered, $0.offeredRate) = (2, 20, 200)
            ($0.arrivalsWithoutUser, $0.bunchedArrivals) = (2000, 20_000)
        }
        let sum = try Self.merge(one, other)
        #expect(sum.virtualUsers == 3 && sum.offered == 30 && sum.offeredRate == 300)
        #expect(sum.arrivalsWithoutUser == 3000 && sum.bunchedArrivals == 30_000)
    }

    @Test("a merged result is as long as the longest run")
    func lengths() throws {
        let short = Self.result {
            ($0.warmUp, $0.duration, $0.measured) = (1_000_000_000, 3_000_000_000, 2_500_000_000)
        }
        let long = Self.result(at: 0.5) {
            ($0.warmUp, $0.duration, $0.measured) = (2_000_000_000, 6_000_000_000, 4_500_000_000)
        }
        for sum in [try Self.merge(short, long), try Self.merge(long, short)] {
            #expect(
                sum.warmUp == 2_000_000_000 && sum.duration == 6_000_000_000
                    && sum.measured == 4_500_000_000)
        }
    }

    @Test(
        "a merged result is interrupted if any of its runs was",
        arguments: [(false, false), (true, false), (false, true)])
    func interruption(one: Bool, other: Bool) throws {
        let sum = try Self.merge(
            Self.result { $0.wasInterrupted = one }, Self.result(at: 0.5) { $0.wasInterrupted = other })
        #expect(sum.wasInterrupted == (one || other))
    }

    @Test("maximum requests are added in a merge, and there is none if a run has none")
    func maximumRequests() throws {
        let limited = Self.result { $0.maximumRequests = 10 }
        #expect(
            try Self.merge(limited, Self.result(at: 0.5) { $0.maximumRequests = 5 }).maximumRequests == 15
        )
        #expect(try Self.merge(limited, Self.result(at: 0.5)).maximumRequests == nil)
        #expect(try Self.merge(Self.result(at: 0.5), limited).maximumRequests == nil)
    }

    @Test("a merged result lists each target once, also in a merge of merges")
    func targets() throws {
        let one = Self.result { $0.target = "10.0.0.1:80" }
        let other = Self.result(at: 0.25) { $0.target = "10.0.0.2:80" }
        let sum = try Self.merge(one, other)
        #expect(sum.target == "10.0.0.1:80, 10.0.0.2:80")
        #expect(
            try Self.merge(one, Self.result(at: 0.5) { $0.target = "10.0.0.1:80" }).target
                == "10.0.0.1:80")
        let third = Self.result(at: 0.5) { $0.target = "10.0.0.2:80" }
        #expect(try Self.merge(sum, third).target == sum.target)
        #expect(try Self.merge(third, sum).target == "10.0.0.2:80, 10.0.0.1:80")
    }

    @Test("rates of the open model are added by stage, if the runs have the same number of stages")
    func stages() throws {
        func open(_ rates: [Double], at offset: Double) -> LoadResult {
            Self.result(at: offset) {
                $0.model = ModelSummary(.open(LoadModel.Arrivals(profile: RateProfile(rate: 1))))
                $0.model.rates = rates
            }
        }
        #expect(try Self.merge(open([1, 2], at: 0), open([10, 20], at: 0.5)).model.rates == [11, 22])
        #expect(try Self.merge(open([1, 2], at: 0), open([10], at: 0.5)).model.rates == nil)
    }

    @Test("threads are concatenated in a merge, and lags are added")
    func generators() throws {
        func with(_ user: Nanoseconds, at offset: Double) -> LoadResult {
            Self.result(at: offset) {
                $0.generator.threads = [ThreadUsage(user: user, system: 1)]
                $0.lag.server.record(time: user)
                $0.lag.generator.record(time: user * 10)
                $0.lag.receive.record(time: user * 100)
            }
        }
        let sum = try Self.merge(with(100, at: 0), with(200, at: 0.5))
        #expect(sum.generator.threads.map(\.user) == [100, 200] && sum.generator.total == 302)
        let lags = [sum.lag.server, sum.lag.generator, sum.lag.receive]
        #expect(lags.map(\.totalCount) == [2, 2, 2])
        #expect(lags.map(\.min) == [100, 1000, 10_000])
    }

    @Test("counts of the same second are added in a merge")
    func seconds() throws {
        func second(_ factor: Int, at offset: Double) -> LoadResult {
            Self.result(at: offset) {
                $0.seconds = [
                    SecondSummary(
                        second: 0, offered: factor, begun: 2 * factor, responses: 3 * factor, bytes: 4 * factor,
                        errors: 5 * factor, failedResponses: 6 * factor, classes: [7 * factor],
                        statuses: [200: 8 * factor, 500 + factor: 9], p50: 1, p99: 2)
                ]
            }
        }
        let sum = try Self.merge(second(1, at: 0), second(10, at: 0.25))
        let expected = SecondSummary(
            second: 0, offered: 11, begun: 22, responses: 33, bytes: 44, errors: 55, failedResponses: 66,
            classes: [77],
            statuses: [200: 88, 501: 9, 510: 9])
        #expect(sum.seconds == [expected], "percentiles of a second cannot be merged")
    }

    @Test("seconds of a merge begin after each run's own warm-up")
    func warmUp() throws {
        func seconds(_ change: (inout LoadResult) -> Void) -> LoadResult {
            Self.result(at: 0) {
                $0.seconds = (0..<3).map { SecondSummary(second: $0, responses: 1, classes: [0]) }
                change(&$0)
            }
        }
        let sum = try Self.merge(
            seconds { _ in }, seconds { ($0.warmUp, $0.startedAt) = (1_000_000_000, $0.startedAt + 0.1) })
        #expect(sum.seconds.map(\.responses) == [1, 2, 2, 1])
    }

    @Test("a run that begins when another ends still overlaps it")
    func overlap() throws {
        #expect(throws: Never.self) { try Self.merge(Self.result(), Self.result(at: 2)) }
        #expect(throws: UnmergeableResults.self) {
            try Self.merge(Self.result(), Self.result(at: 2.01))
        }
        let warm = Self.result(at: 1) { $0.warmUp = 1_500_000_000 }
        #expect(throws: UnmergeableResults.self) { try Self.merge(Self.result(), warm) }
    }

    @Test("merging a single result returns it, and merging none is an error")
    func few() throws {
        #expect(try Self.merge(Self.result()) == Self.result())
        #expect(try Self.error() == "no results to merge")
    }

    @Test("results with different scenarios, steps, classes or models are not merged")
    func refusals() throws {
        let base = Self.result()
        #expect(
            try Self.error(base, Self.result(at: 0.5) { $0.name = "u" })
                == "the results are from different scenarios: \"t\" and \"u\"")
        #expect(
            try Self.error(base, Self.result(at: 0.5) { $0.steps[0].id = "x" })
                == "the results have different steps")
        #expect(
            try Self.error(base, Self.result(at: 0.5) { $0.classes = ["x"] })
                == "the results have different classes")
        let open = Self.result(at: 0.5) {
            $0.model = ModelSummary(.open(LoadModel.Arrivals(profile: RateProfile(rate: 1))))
        }
        #expect(try Self.error(base, open) == "the results use different models, open and closed")
    }
}
