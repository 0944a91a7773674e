import Foundation
import Histogram
import Report
import Scenario
import TestSupport
import Testing

@testable import Load

/// Writes results to files, reads them back, and merges them.
@Suite(.timeLimit(.minutes(1)))
struct DocumentTests {
    private static func result(users: Int = 4) throws -> LoadResult {
        let server = try ScriptedServer(answering: answer("hello"))
        return try LoadResult.load(
            server.address, steps: [.get(assertions: ["no"]), .get("other")], classes: ["even"],
            judge: StubJudge { _, _, iteration in Verdict(classes: UInt64(iteration.number % 2), failures: 1) }
        ) { settings in
            settings.model = .open(LoadModel.Arrivals(profile: RateProfile(rate: 500)))
            settings.virtualUsers = users
            settings.duration = .milliseconds(1100)
        }
    }

    @Test("a result is unchanged after writing and reading")
    func roundTrip() throws {
        let result = try Self.result()
        var read = try EvaluatedLoad(reading: LoadDocument(EvaluatedLoad(result)).encoded()).result
        // The start time is written to the millisecond.
        #expect(abs(read.startedAt - result.startedAt) < 0.0011)
        read.startedAt = result.startedAt
        #expect(read == result)
    }

    @Test("the document conforms to its published schema")
    func schema() throws {
        let schema = try JSONDocument(parsing: Array(LoadReportSchema.text.utf8)).root.value
        guard case .object(let root) = schema else { return #expect(Bool(false), "the schema is not an object") }
        #expect(root["$id"] == .string(LoadDocument.format))
        for result in [try Self.result(), LoadReportTests.result, ThresholdTests.result] {
            let text = try LoadDocument(EvaluatedLoad(result)).encoded()
            var checker = SchemaChecker(schema)
            checker.check(try JSONDocument(parsing: Array(text)).root.value)
            #expect(checker.problems == [])
        }
    }

    @Test("a merged result has the sums of its parts")
    func merging() throws {
        let one = try Self.result()
        var two = try Self.result(users: 2)
        // As if run at the same time on another machine.
        two.startedAt = one.startedAt
        let sum = try LoadResult.merging([("a.json", one), ("b.json", two)])
        #expect(sum.responses == one.responses + two.responses)
        #expect(sum.virtualUsers == 6 && sum.offered == one.offered + two.offered)
        #expect(sum.model.rates == [1000] && sum.startedAt == min(one.startedAt, two.startedAt))
        let times = sum.steps[0].all.responseTime
        #expect(times.totalCount == UInt64(one.steps[0].all.count + two.steps[0].all.count))
        #expect(times.max == max(one.steps[0].all.responseTime.max, two.steps[0].all.responseTime.max))
        #expect(sum.steps[0].failures[0].count == one.steps[0].failures[0].count + two.steps[0].failures[0].count)
        #expect(sum.seconds[0].responses == one.seconds[0].responses + two.seconds[0].responses)
        #expect(sum.generator.threads.count == 2)
        #expect(try LoadResult.merging([("a.json", one)]) == one)
    }

    @Test("results of different scenarios are not merged, and other files are rejected")
    func refusals() throws {
        let result = try Self.result()
        for change in [{ $0.name = "x" }, { $0.classes = [] }, { $0.steps.removeLast() }]
            as [(inout LoadResult) -> Void]
        {
            var other = result
            change(&other)
            #expect(throws: UnmergeableResults.self) {
                try LoadResult.merging([("a.json", result), ("b.json", other)])
            }
        }
        let text = String(decoding: try LoadDocument(EvaluatedLoad(result)).encoded(), as: UTF8.self)
        for broken in [
            "", "[]", "{}", text.replacing("load-report:4", with: "load-report:9"),
            text.replacing("HISTF", with: "xx!!"), text.replacing("\"responses\"", with: "\"r\""),
        ]
        where broken != text {
            #expect(throws: UnreadableResult.self) { try EvaluatedLoad(reading: Data(broken.utf8)) }
        }
    }

    @Test("histograms are unchanged after encoding and decoding, and corruption is detected")
    func histograms() throws {
        var times = TimeHistogram.times()
        #expect(TimeHistogram(encodedBytes: times.encodedBytes) == times)
        var random = SplitMix64(seed: 3)
        for _ in 0..<20_000 {
            times.record(
                time: UInt64.random(in: 0...UInt64(1) << UInt64.random(in: 0...41, using: &random), using: &random))
        }
        times.record(time: 0)
        times.record(time: TimeHistogram.longestTime)
        times.record(1_000_000, count: 3_000_000_000)
        let encoded = times.encodedBytes
        #expect(TimeHistogram(encodedBytes: encoded) == times)
        for index in stride(from: 0, to: encoded.count, by: 7) {
            var broken = encoded
            broken[index] ^= 0x10
            #expect(TimeHistogram(encodedBytes: broken) != times)
        }
        #expect(TimeHistogram(encodedBytes: Array(encoded.dropLast())) == nil)
    }
}
