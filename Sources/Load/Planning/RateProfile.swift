/// The rate of iterations over time: linear from one rate to the next, then constant at the last.
package struct RateProfile: Equatable, Sendable {
    /// A linear change from one rate to another.
    package struct Segment: Equatable, Sendable {
        /// Seconds.
        package var duration: Double
        /// Arrivals per second at the beginning and at the end.
        package var from: Double
        package var to: Double

        /// The number of arrivals within the segment.
        var count: Double { (from + to) / 2 * duration }

        /// The time in seconds, within the segment, at which `count` of its arrivals have been due.
        ///
        /// The count is a quadratic function of time. This form of its root loses no digits if the rate hardly changes.
        func time(ofCount count: Double) -> Double {
            let slope = (to - from) / duration
            // At the end of a ramp to 0, rounding may make the value slightly negative.
            let root = max(from * from + 2 * slope * count, 0).squareRoot()
            let divisor = from + root
            return divisor > 0 ? min(2 * count / divisor, duration) : 0
        }
    }

    package private(set) var segments: [Segment] = []
    /// The rate after the last segment.
    package private(set) var rate: Double
    /// The rate at the beginning and after each stage, including stages of zero length.
    package private(set) var rates: [Double]

    /// - Parameter rate: arrivals per second at the beginning.
    package init(rate: Double) {
        self.rate = rate
        rates = [rate]
    }

    /// Holds the rate for this many seconds before the first stage.
    package mutating func hold(for seconds: Double) {
        if seconds > 0 { segments.append(Segment(duration: seconds, from: rate, to: rate)) }
    }

    /// Changes to another rate.
    package mutating func append(to rate: Double, over seconds: Double) {
        if seconds > 0 { segments.append(Segment(duration: seconds, from: self.rate, to: rate)) }
        self.rate = rate
        rates.append(rate)
    }

    /// The highest rate of the profile.
    package var highest: Double { segments.reduce(rate) { max($0, $1.from, $1.to) } }

    /// The total length of the segments, in seconds.
    package var duration: Double { segments.reduce(0) { $0 + $1.duration } }

    /// The time in seconds at which `count` arrivals have been due; infinity if that never happens.
    /// - Parameter count: may be fractional, as in a Poisson process with time rescaled by its rate.
    package func time(ofCount count: Double) -> Double {
        var (count, start) = (count, 0.0)
        for segment in segments {
            guard count > segment.count || segment.count == 0 else {
                return start + segment.time(ofCount: count)
            }
            count -= segment.count
            start += segment.duration
        }
        return rate > 0 ? start + count / rate : .infinity
    }
}
