import Histogram

/// A histogram of times in nanoseconds, from 1 ns to a little over an hour, three significant digits.
package typealias TimeHistogram = Histogram<UInt64>

/// The two times of a kind of response.
package struct Timing: Equatable, Sendable {
    /// Completed less intended: what a client of the schedule would have waited.
    package var response = TimeHistogram.times()
    /// Completed less sent.
    package var service = TimeHistogram.times()

    mutating func add(_ other: Timing) {
        response.add(other.response)
        service.add(other.service)
    }

    mutating func reset() {
        response.reset()
        service.reset()
    }
}

/// Sent less intended, by its cause.
package struct SendLag: Equatable, Sendable {
    /// No virtual user was free, or its connection was still being made: the server was the cause.
    package var server = TimeHistogram.times()
    /// One was free and the request was due by the clock, and the thread was late.
    package var generator = TimeHistogram.times()

    mutating func add(_ other: SendLag) {
        server.add(other.server)
        generator.add(other.generator)
    }

    mutating func reset() {
        server.reset()
        generator.reset()
    }
}

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
