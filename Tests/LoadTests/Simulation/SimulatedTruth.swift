import Histogram
import Testing

@testable import Load

/// What really happened in a simulated run, noted by the world and not by the engine. Times are on the world's clock.
struct SimulatedTruth {
    /// A request that the generator handed to the network.
    struct Exchange {
        var slot: Int
        var sentAt: Nanoseconds
        var reachedServerAt: Nanoseconds?
        /// The status that the server chose; nil when it did not respond.
        var status: Int?
        /// The last byte of the response reached the generator's socket.
        var arrivedAt: Nanoseconds?
        /// The generator took the last byte from its socket.
        var receivedAt: Nanoseconds?
    }

    /// In the order in which they were sent.
    var exchanges: [Exchange] = []

    /// Exchanges whose response the generator took within the given times.
    func received(from start: Nanoseconds, to end: Nanoseconds) -> [Exchange] {
        exchanges.filter { $0.receivedAt.map { (start..<end).contains($0) } ?? false }
    }
}

extension SimulatedTruth {
    /// The value at a percentile, by its definition: the smallest that at least so many percent do not exceed.
    static func percentile(_ percent: Double, of values: [Nanoseconds]) -> Nanoseconds {
        let sorted = values.sorted()
        let rank = Int((Double(sorted.count) * percent / 100).rounded(.up))
        return sorted[min(max(rank, 1), sorted.count) - 1]
    }

    /// Compares a histogram with the values that it should hold: count, minimum, maximum and every percentile within
    /// the histogram's resolution of three digits.
    static func expect(
        _ histogram: TimeHistogram, holds values: [Nanoseconds], _ comment: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(Int(histogram.totalCount) == values.count, "\(comment): count", sourceLocation: sourceLocation)
        guard !values.isEmpty, Int(histogram.totalCount) == values.count else { return }
        for percent in [0.1, 10, 50, 75, 90, 95, 99, 99.9, 100] {
            let (told, known) = (histogram.valueAtPercentile(percent), percentile(percent, of: values))
            let tolerance = max(known / 1000, 1)
            #expect(
                told + tolerance >= known && told <= known + tolerance,
                "\(comment): p\(percent) is \(told), and truly \(known)", sourceLocation: sourceLocation)
        }
    }
}
