import Histogram
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
    /// The percentile by definition: the smallest value that at least `percent` percent of the values do not exceed.
    ///
    /// - Parameter above: how many ranks higher to look.
    static func percentile(_ percent: Double, of values: [Nanoseconds], above: Int = 0) -> Nanoseconds {
        let sorted = values.sorted()
        let rank = Int((Double(sorted.count) * percent / 100).rounded(.up)) + above
        return sorted[min(max(rank, 1), sorted.count) - 1]
    }

    /// The sum of all values in the histograms, within their resolution.
    static func sum(_ histograms: TimeHistogram...) -> Double {
        histograms.reduce(0) { $0 + ($1.totalCount == 0 ? 0 : $1.mean * Double($1.totalCount)) }
    }

    /// Compares a histogram with the values that it should hold.
    ///
    /// Checks count, minimum, maximum and percentiles, within the histogram's resolution of three digits.
    static func expect(
        _ histogram: TimeHistogram, holds values: [Nanoseconds], _ comment: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(Int(histogram.totalCount) == values.count, "\(comment): count", sourceLocation: sourceLocation)
        guard !values.isEmpty, Int(histogram.totalCount) == values.count else { return }
        for percent in [1.0, 50, 90, 99, 100] {
            // The histogram may round the rank up.
            let told = histogram.valueAtPercentile(percent)
            let known = [0, 1].map { percentile(percent, of: values, above: $0) }
            let isTrue = known.contains { told + max($0 / 1000, 1) >= $0 && told <= $0 + max($0 / 1000, 1) }
            #expect(
                isTrue, "\(comment): p\(percent) is \(told), but should be \(known[0])", sourceLocation: sourceLocation)
        }
    }
}
