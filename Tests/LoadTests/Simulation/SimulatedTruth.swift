import Histogram
import Scenario
import Testing

@testable import Load

/// What really happened in a simulated run, recorded by the world and not by the engine. Times are on its clock.
struct SimulatedTruth {
    /// A request that the generator handed to the network.
    struct Exchange {
        var slot: Int
        var sentAt: Nanoseconds
        var reachedServerAt: Nanoseconds?
        /// The status that the server chose; nil if it did not respond.
        var status: Int?
        /// When the last byte of the response reached the generator's socket.
        var arrivedAt: Nanoseconds?
        /// When the generator read the last byte from its socket.
        var receivedAt: Nanoseconds?
    }

    /// Exchanges in the order in which they were sent.
    var exchanges: [Exchange] = []
    /// The number of connections that the server refused.
    var refusals = 0

    mutating func add(_ other: SimulatedTruth) {
        exchanges += other.exchanges
        refusals += other.refusals
    }

    /// Exchanges with a response that the generator read within the given times.
    func received(from start: Nanoseconds, to end: Nanoseconds) -> [Exchange] {
        exchanges.filter { $0.receivedAt.map { (start..<end).contains($0) } ?? false }
    }
}

extension SimulatedTruth {
    /// The value at a percentile, by its definition: the smallest that at least so many percent do not exceed.
    static func percentile(_ percent: Double, of values: [Nanoseconds]) -> Nanoseconds {
        percentile(percent, ofSorted: values.sorted())
    }

    static func percentile(_ percent: Double, ofSorted values: [Nanoseconds]) -> Nanoseconds {
        let rank = Int((Double(values.count) * percent.nextDown / 100).rounded(.up))
        return values[max(rank, 1) - 1]
    }

    /// The sum of all values in the histograms, within their resolution.
    static func sum(_ histograms: TimeHistogram...) -> Double {
        histograms.reduce(0) { sum, histogram in
            histogram.filledBuckets.reduce(sum) { sum, bucket in
                sum + (Double(bucket.lowest) + Double(bucket.highest)) / 2 * Double(bucket.count)
            }
        }
    }

    /// Expects a histogram to hold exactly these values: the same count in every bucket, and minimum and maximum to the
    /// nanosecond.
    static func expect(
        _ histogram: TimeHistogram, holds values: [Nanoseconds], _ comment: @autoclosure () -> String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        var expected = TimeHistogram.times(histogram.numberOfSignificantValueDigits)
        for value in values { expected.record(time: value) }
        guard histogram != expected else { return }
        let (found, known) = (summary(histogram), summary(expected))
        Issue.record("\(comment()) is \(found), and truly \(known)", sourceLocation: sourceLocation)
    }

    private static func summary(_ histogram: TimeHistogram) -> String {
        let percentiles = [1.0, 50, 90, 99].map { "p\($0) \(histogram.valueAtPercentile($0))" }
        return "\(histogram.totalCount) × \(histogram.min)...\(histogram.max), \(percentiles.joined(separator: ", "))"
    }

    /// Expects the figures of some samples, all of which are known, to be those of the exact values.
    static func expect(
        _ samples: TimeSamples, describe values: [Nanoseconds], digits: SignificantDigits,
        _ comment: @autoclosure () -> String, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        guard !values.isEmpty else { return }
        let sorted = values.sorted()
        // A bucket is this share of its values wide, and a nanosecond at least.
        let width = digits == .three ? 0.001 : 0.01
        func check(_ statistic: LoadMetric.Statistic, _ known: Double) {
            let figure = samples.figure(statistic).observed
            let isTrue = figure.exact.map { abs($0 - known) <= known * width + 1 } ?? false
            guard !isTrue else { return }
            Issue.record(
                "\(comment()): \(statistic) is \(figure), and truly \(known)", sourceLocation: sourceLocation)
        }
        check(.min, Double(sorted[0]))
        check(.max, Double(sorted[sorted.count - 1]))
        check(.mean, sorted.reduce(0) { $0 + Double($1) } / Double(sorted.count))
        for percent in [50.0, 75, 90, 99] where sorted.count >= Percentile.samplesNeeded(for: percent) {
            check(.percentile(percent), Double(percentile(percent, ofSorted: sorted)))
        }
    }
}
