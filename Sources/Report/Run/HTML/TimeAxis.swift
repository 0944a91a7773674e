import Scenario

/// A span of time drawn from left to right; places on it are in percent.
struct TimeAxis: Sendable {
    let start: ContinuousClock.Instant
    let duration: Duration

    struct Tick {
        let left: String
        let label: String
    }

    /// A bar on the axis, as CSS.
    struct Place {
        let left: String
        let width: String
    }

    func place(_ start: ContinuousClock.Instant, lasting duration: Duration) -> Place {
        let left = share(start - self.start)
        let right = share(start - self.start + duration)
        return Place(left: Self.percent(left), width: Self.percent(right - left))
    }

    /// Up to six round times, in steps of 1, 2 or 5 times a power of ten. A tick near the right end has no label, for
    /// lack of room.
    var ticks: [Tick] {
        let step = tickNanoseconds
        guard step > 0 else { return [] }
        return stride(from: 0, to: duration.nanoseconds, by: Int(step)).map { offset in
            let left = share(.nanoseconds(offset))
            return Tick(left: Self.percent(left), label: left < 0.92 ? Self.label(offset) : "")
        }
    }

    /// The distance between ticks, for a grid behind the bars.
    var grid: String { Self.percent(max(share(.nanoseconds(tickNanoseconds)), 0.01)) }

    private var tickNanoseconds: Int64 {
        guard duration > .zero else { return 0 }
        var power: Int64 = 1
        while true {
            for factor in [1, 2, 5] as [Int64] where duration.nanoseconds / (power * factor) < 6 {
                return power * factor
            }
            power *= 10
        }
    }

    private func share(_ offset: Duration) -> Double {
        guard duration > .zero else { return 0 }
        return min(max(offset.seconds / duration.seconds, 0), 1)
    }

    private static func label(_ nanoseconds: Int64) -> String {
        for (unit, size) in [("s", 1_000_000_000), ("ms", 1_000_000), ("µs", 1_000)] as [(String, Int64)]
        where nanoseconds % size == 0 {
            return nanoseconds == 0 ? "0" : "\(nanoseconds / size) \(unit)"
        }
        return "\(nanoseconds) ns"
    }

    /// A share in percent. Two decimals are finer than a pixel.
    static func percent(_ share: Double) -> String {
        let hundredths = Int((share * 10_000).rounded())
        return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)%"
    }
}
