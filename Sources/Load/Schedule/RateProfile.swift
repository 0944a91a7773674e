/// How many iterations begin a second, over time: straight lines from one rate to the next, then the last rate for ever.
package struct RateProfile: Equatable, Sendable {
    /// From one rate to another within a time.
    package struct Segment: Equatable, Sendable {
        /// Seconds.
        package var duration: Double
        /// Arrivals a second, at its beginning and at its end.
        package var from: Double
        package var to: Double

        /// Arrivals within it.
        var count: Double { (from + to) / 2 * duration }

        /// The seconds after which `count` arrivals were due, of those within the segment.
        ///
        /// The count is a quadratic function of time; this is its root, in the form that loses no digits where the
        /// rate hardly changes.
        func time(ofCount count: Double) -> Double {
            let slope = (to - from) / duration
            // At the end of a ramp to 0 rounding may leave less than nothing.
            let root = max(from * from + 2 * slope * count, 0).squareRoot()
            let divisor = from + root
            return divisor > 0 ? min(2 * count / divisor, duration) : 0
        }
    }

    package private(set) var segments: [Segment] = []
    /// The rate after the last segment.
    package private(set) var rate: Double
    /// The rate at the beginning and after each stage, one that is a jump included.
    package private(set) var rates: [Double]

    /// - Parameter rate: arrivals a second at the beginning.
    package init(rate: Double) {
        self.rate = rate
        rates = [rate]
    }

    /// Holds the rate for a time before the first stage.
    package mutating func hold(for seconds: Double) {
        if seconds > 0 { segments.append(Segment(duration: seconds, from: rate, to: rate)) }
    }

    /// Goes on to another rate.
    package mutating func append(to rate: Double, over seconds: Double) {
        if seconds > 0 { segments.append(Segment(duration: seconds, from: self.rate, to: rate)) }
        self.rate = rate
        rates.append(rate)
    }

    /// The highest rate that it comes to.
    package var highest: Double { segments.reduce(rate) { max($0, $1.from, $1.to) } }

    /// Seconds that the segments take.
    package var duration: Double { segments.reduce(0) { $0 + $1.duration } }

    /// When so many arrivals were due; infinity where there never are.
    /// - Parameter count: may be a fraction, as in a Poisson process whose time is stretched by its rate.
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
