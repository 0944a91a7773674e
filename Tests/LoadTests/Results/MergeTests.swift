import Foundation
import Scenario
import Testing

@testable import Load

@Suite struct MergeTests {
    /// A run of the open model: 100 responses in each of two seconds.
    private static func result(
        startedAt: Double = 1_700_000_000, duration: Nanoseconds = 2_000_000_000, time: Nanoseconds = 1_000_000
    ) -> LoadResult {
        var result = ThresholdTests.result
        result.model = ModelSummary(.open(LoadModel.Arrivals(profile: RateProfile(rate: 100))))
        result.startedAt = startedAt
        (result.duration, result.measured) = (duration, duration)
        result.steps[1].all.times.response.record(time: time)
        result.steps[1].all.times.service.record(time: time)
        result.steps[1].all.times.adjustedResponse.record(time: time)
        result.steps[1].all.times.adjustedService.record(time: time)
        result.steps[1].all.count += 1
        result.seconds = (0..<2).map {
            SecondSummary(second: $0, offered: 100, begun: 100, responses: 100, classes: [90])
        }
        (result.offered, result.offeredRate) = (200, 100)
        return result
    }

    private static func merge(_ results: LoadResult...) throws -> LoadResult {
        try LoadResult.merging(results.enumerated().map { ("\($0).json", $1) })
    }

    @Test("a merged rate is the sum of the runs' rates, each over its own duration")
    func rates() throws {
        var (one, other) = (Self.result(), Self.result(duration: 10_000_000_000, time: 3_000_000))
        (one.steps[0].all.rate, other.steps[0].all.rate) = (2000, 400)
        let sum = try Self.merge(one, other)
        #expect(sum.steps[0].all.rate == 2400 && sum.steps[0].all.count == 8000)
        #expect(sum.offeredRate == 200)
        let rate = try ThresholdTests.outcome("read.rate", #"{ "gte": 2400 }"#, of: sum)
        #expect(rate.passed)
    }

    @Test(
        "seconds are merged by absolute time, rounded to whole seconds", arguments: [(1.0, 1), (0.7, 1), (0.3, 0)])
    func seconds(offset: Double, shift: Int) throws {
        let later = Self.result(startedAt: 1_700_000_000 + offset, time: 3_000_000)
        for sum in [try Self.merge(Self.result(), later), try Self.merge(later, Self.result())] {
            let responses = shift == 1 ? [100, 200, 100] : [200, 200]
            #expect(sum.seconds.map(\.responses) == responses && sum.seconds.map(\.second) == Array(responses.indices))
            #expect(sum.startedAt == 1_700_000_000)
        }
    }

    @Test("an invalid part makes the merged result invalid and is named, also in a merge of merges")
    func invalidPart() throws {
        var bad = Self.result(time: 3_000_000)
        bad.arrivalsWithoutUser = 7
        bad.seconds[1].begun = 50
        let sum = try Self.merge(Self.result(), bad)
        let reasons = sum.invalidities().map(\.description)
        #expect(reasons.count == 2 && reasons.allSatisfy { $0.hasPrefix("1.json is invalid: ") })
        let document = LoadDocument(EvaluatedLoad(sum))
        #expect(!document.valid && document.invalid == reasons)
        let read = try EvaluatedLoad(reading: document.encoded()).result
        let whole = try LoadResult.merging([("sum.json", read), ("c.json", Self.result(time: 5_000_000))])
        #expect(whole.invalidities().map(\.description) == reasons && whole.parts.count == 3)
    }

    @Test("a run is not counted twice, even if it was copied or merged before")
    func duplicates() throws {
        let (one, other) = (Self.result(), Self.result(time: 3_000_000))
        let copy = try EvaluatedLoad(reading: LoadDocument(EvaluatedLoad(one)).encoded()).result
        let error = try #require(throws: UnmergeableResults.self) { try Self.merge(one, other, copy) }
        #expect(error.description == "0.json and 2.json are the same run; a run can be counted only once")
        let sum = try Self.merge(one, other)
        #expect(throws: UnmergeableResults.self) { try LoadResult.merging([("sum.json", sum), ("1.json", other)]) }
    }

    @Test("runs that did not overlap are not merged")
    func apart() throws {
        let later = Self.result(startedAt: 1_700_000_003, time: 3_000_000)
        let error = try #require(throws: UnmergeableResults.self) { try Self.merge(later, Self.result()) }
        #expect(error.description.hasPrefix("1.json ended before 0.json began"))
    }

    @Test("bounds of a merged result account for the unfinished requests of all parts")
    func bounds() throws {
        var stopped = Self.result(time: 3_000_000)
        for _ in 0..<500 { stopped.steps[0].censored.record(Elapsed(sinceIntended: 2_000_000_000)) }
        let sum = try Self.merge(Self.result(), stopped)
        #expect(try ThresholdTests.outcome("read.p99", #"{ "lt": "50ms" }"#, of: sum).verdict == .failed)
        #expect(try ThresholdTests.outcome("read.p90", #"{ "lt": "50ms" }"#, of: sum).passed)
    }
}
