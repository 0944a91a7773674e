extension Duration {
    private static let units: [(name: String, nanoseconds: Double)] = [
        ("ns", 1), ("us", 1e3), ("µs", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 60e9), ("h", 3600e9),
    ]

    /// Parses `"250ms"`, `"1.5s"` or `"1m30s"`; nil for anything else.
    package init?(parsing text: String) {
        var rest = Substring(text)
        var total = 0.0
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { $0.isLetter }
            rest = rest.dropFirst(unit.count)
            guard digits.first?.isNumber == true, digits.last?.isNumber == true, let value = Double(digits),
                let scale = Self.units.first(where: { $0.name == unit })
            else { return nil }
            total += value * scale.nanoseconds
        }
        guard total < 9e18 else { return nil }
        self = .nanoseconds(Int64(total.rounded()))
    }

    /// The duration in seconds, with a fraction.
    package var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }

    /// Whole nanoseconds, clamped to the range of `Int64` (292 years).
    package var nanoseconds: Int64 {
        let (seconds, isTooLarge) = components.seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, overflows) = seconds.addingReportingOverflow(components.attoseconds / 1_000_000_000)
        return isTooLarge || overflows ? (components.seconds < 0 ? .min : .max) : sum
    }

    /// A short text with three significant digits: `350µs`, `2.14ms`, `1.05s`, `2m10s`.
    package var shortText: String {
        let nanoseconds = Double(self.nanoseconds)
        func rounded(_ value: Double, _ unit: String) -> String {
            let decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0
            let scale = [1.0, 10, 100][decimals]
            let scaled = Int((value * scale).rounded())
            guard decimals > 0 else { return "\(scaled)\(unit)" }
            let fraction = String(scaled % Int(scale))
            let zeros = String(repeating: "0", count: decimals - fraction.count)
            return "\(scaled / Int(scale)).\(zeros)\(fraction)\(unit)"
        }
        switch nanoseconds {
        case ..<1: return "0s"
        case ..<999.5: return "\(Int(nanoseconds))ns"
        case ..<999.5e3: return rounded(nanoseconds / 1e3, "µs")
        case ..<999.5e6: return rounded(nanoseconds / 1e6, "ms")
        case ..<60e9: return rounded(nanoseconds / 1e9, "s")
        default:
            let seconds = Int((nanoseconds / 1e9).rounded())
            let hours = seconds / 3600
            return hours > 0
                ? "\(hours)h\(seconds / 60 % 60)m\(seconds % 60)s" : "\(seconds / 60)m\(seconds % 60)s"
        }
    }

    /// A number of milliseconds as text in a suitable unit, to the microsecond: `100ms`, `301.112ms`, `1.5s`. Nil if
    /// the number is too large for a duration, or NaN.
    package static func text(milliseconds: Double) -> String? {
        guard milliseconds.magnitude < 9e12 else { return nil }
        let nanoseconds = Int64((milliseconds.magnitude * 1e6).rounded())
        let sign = milliseconds < 0 ? "-" : ""
        let (unit, size, step): (String, Int64, Int64) =
            switch nanoseconds {
            case 0: ("ms", 1, 1)
            case ..<1_000: ("ns", 1, 1)
            case ..<1_000_000: ("µs", 1_000, 1)
            case ..<1_000_000_000: ("ms", 1_000_000, 1_000)
            default: ("s", 1_000_000_000, 1_000)
            }
        let rounded = (nanoseconds + step / 2) / step * step
        var fraction = String(size + rounded % size).dropFirst()
        while fraction.last == "0" { fraction.removeLast() }
        return "\(sign)\(rounded / size)\(fraction.isEmpty ? "" : ".\(fraction)")\(unit)"
    }
}
