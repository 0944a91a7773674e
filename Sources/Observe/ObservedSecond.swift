/// What a source showed in one second.
package struct ObservedSecond: Equatable, Sendable {
    /// Seconds since the start of the measurement.
    package var second: Int
    /// How much each total grew. A total is missing if it cannot be known: a reading is missing, or the total restarted.
    package var growth: [ObservedMetric: Double]
    /// Each level at the last reading.
    package var levels: [ObservedMetric: Double]

    package init(second: Int, growth: [ObservedMetric: Double] = [:], levels: [ObservedMetric: Double] = [:]) {
        self.second = second
        self.growth = growth
        self.levels = levels
    }

    /// Divides readings into whole seconds.
    ///
    /// A thread cannot read exactly at the end of a second. The value there is interpolated from the readings before and
    /// after it.
    /// - Parameters:
    ///   - readings: in order of time.
    ///   - start: when the first second begins.
    package static func series(of readings: [Reading], from start: UInt64, seconds: Int) -> [ObservedSecond] {
        var boundaries: [[ObservedMetric: Double]] = []
        var next = readings.startIndex
        for second in 0...max(seconds, 0) {
            let time = start &+ UInt64(second) &* 1_000_000_000
            while next < readings.endIndex, readings[next].time <= time { next += 1 }
            boundaries.append(
                values(
                    at: time, between: next > 0 ? readings[next - 1] : nil,
                    next < readings.endIndex ? readings[next] : nil))
        }
        return (0..<max(seconds, 0)).map { second in
            var observed = ObservedSecond(second: second)
            let end = start &+ UInt64(second + 1) &* 1_000_000_000
            for (metric, value) in boundaries[second + 1] where !metric.isLevel {
                guard let before = boundaries[second][metric], value >= before else { continue }
                observed.growth[metric] = value - before
            }
            // A reading for the end of this second may be slightly late.
            if let reading = readings.last(where: { $0.time < end &+ 500_000_000 }),
                reading.time >= end &- 1_000_000_000
            {
                observed.levels = reading.values.filter(\.key.isLevel)
            }
            return observed
        }
    }

    /// The longest gap between readings to interpolate in, in nanoseconds.
    private static let longestGap: UInt64 = 1_500_000_000

    private static func values(at time: UInt64, between earlier: Reading?, _ later: Reading?) -> [ObservedMetric:
        Double]
    {
        guard let earlier else { return [:] }
        if earlier.time == time { return earlier.values }
        guard let later, later.time - earlier.time <= longestGap else { return [:] }
        let share = Double(time - earlier.time) / Double(later.time - earlier.time)
        var values: [ObservedMetric: Double] = [:]
        for (metric, value) in earlier.values where !metric.isLevel {
            guard let next = later.values[metric], next >= value else { continue }
            values[metric] = value + (next - value) * share
        }
        return values
    }
}
