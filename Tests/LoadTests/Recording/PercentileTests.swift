import Histogram
import Testing

@testable import Load

@Suite struct PercentileTests {
    @Test("a percentile needs enough samples", arguments: [(99.0, 368), (99.9, 3688), (99.99, 36887), (50, 6)])
    func samples(percentile: Double, needed: Int) {
        #expect(Percentile.samplesNeeded(for: percentile) == needed)
        var times = TimeHistogram.times()
        for _ in 0..<(needed - 1) { times.record(time: 1000) }
        #expect(times.time(atPercentile: percentile) == nil)
        times.record(time: 1000)
        #expect(times.time(atPercentile: percentile) == 1000)
    }

    @Test("times are recorded to three digits, and none is lost")
    func digits() throws {
        var times = TimeHistogram.times()
        for time in 1...100_000 { times.record(time: UInt64(time) * 1000) }
        for percentile in Percentile.reported {
            let told = Double(try #require(times.time(atPercentile: percentile)))
            #expect(abs(told / (percentile * 1_000_000) - 1) < 0.001)
        }
        times.record(time: .max)
        #expect(times.totalCount == 100_001)
    }

    @Test("a second is summarised once every thread has reported it")
    func series() {
        let series = SecondSeries(threads: 2)
        func contribution(_ second: Int, _ responses: Int) -> SecondContribution {
            SecondContribution(
                second: second, duration: 1_000_000_000, responses: responses, classes: [responses, 0],
                statuses: [200: responses])
        }
        var times = SecondSeries.histogram()
        for time in 1...10 { times.record(UInt64(time) * 100) }
        series.add(contribution(0, 10), times: times)
        series.add(contribution(1, 5), times: times)
        #expect(series.summaries.isEmpty)
        series.add(contribution(0, 20), times: times)
        #expect(series.summaries.map(\.second) == [0])
        #expect(series.latest?.responses == 30)
        #expect(series.latest?.classes == [30, 0])
        #expect(series.latest?.statuses == [200: 30])
        #expect(series.latest?.p99 == nil)
        #expect(series.latest.flatMap(\.p50).map { abs(Int($0) - 500) <= 5 } == true)
    }
}
