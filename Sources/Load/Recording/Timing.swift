import Histogram

/// A histogram of times in nanoseconds, from 1 ns to a little over an hour, three significant digits.
package typealias TimeHistogram = Histogram<UInt64>

/// The two times of a kind of response, each as observed and less what the generator may have added to it.
package struct Timing: Equatable, Sendable {
    /// Completed less intended: what a client of the schedule would have waited.
    package var response: TimeHistogram
    /// Completed less sent.
    package var service: TimeHistogram
    /// Response time less the generator's send lag and receive lag.
    package var adjustedResponse: TimeHistogram
    /// Service time less the generator's receive lag.
    package var adjustedService: TimeHistogram

    /// Empty histograms with this many digits.
    init(_ digits: SignificantDigits = .three) {
        // Copying an empty histogram is much faster than making one.
        let empty = TimeHistogram.times(digits)
        self.init(response: empty, service: empty)
    }

    /// Times to which the generator has added nothing.
    init(response: TimeHistogram, service: TimeHistogram) {
        self.response = response
        self.service = service
        adjustedResponse = response
        adjustedService = service
    }

    mutating func add(_ other: Timing) {
        response.add(other.response)
        service.add(other.service)
        adjustedResponse.add(other.adjustedResponse)
        adjustedService.add(other.adjustedService)
    }
}

/// What requests and responses were late by, by its cause.
package struct Lag: Equatable, Sendable {
    /// Sent less intended where no virtual user was free, or its connection was still being made.
    package var server = TimeHistogram.times()
    /// Sent less intended where a virtual user was free and the request was due by the clock: the thread was late.
    package var generator = TimeHistogram.times()
    /// Read less arrived: how long responses waited unread in their sockets.
    package var receive = TimeHistogram.times()

    mutating func add(_ other: Lag) {
        server.add(other.server)
        generator.add(other.generator)
        receive.add(other.receive)
    }
}

extension Histogram where Count == UInt64 {
    /// Longer times count as this one.
    static var longestTime: Nanoseconds { 3600 * 1_000_000_000 }

    /// - Parameter digits: only histograms of the same precision can be added.
    static func times(_ digits: SignificantDigits = .three) -> TimeHistogram {
        TimeHistogram(highestTrackableValue: longestTime, numberOfSignificantValueDigits: digits)
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
