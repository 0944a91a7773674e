import Histogram

/// A histogram of times in nanoseconds, from 1 ns to a little over an hour, three significant digits.
package typealias TimeHistogram = Histogram<UInt64>

extension Histogram where Count == UInt64 {
    /// The longest time that is told from a longer one.
    static var longestTime: Nanoseconds { 3600 * 1_000_000_000 }

    static func times() -> TimeHistogram {
        TimeHistogram(highestTrackableValue: longestTime, numberOfSignificantValueDigits: .three)
    }

    /// Records a time; one past the longest counts as the longest. Allocates nothing.
    @inline(__always)
    mutating func record(time: Nanoseconds) {
        record(Swift.min(time, Self.longestTime))
    }

    /// The percentile, or nil where there are too few samples to tell it.
    ///
    /// - Parameter percentile: above 0 and below 100.
    /// - Returns: nanoseconds. Needs as many samples as leave a chance of 97.5% that one of them lies beyond the
    ///   percentile: 368 for the 99th, 3,688 for 99.9, 36,887 for 99.99.
    package func time(atPercentile percentile: Double) -> Nanoseconds? {
        guard totalCount >= Percentile.samplesNeeded(for: percentile) else { return nil }
        return valueAtPercentile(percentile)
    }
}
