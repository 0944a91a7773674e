import Foundation
import Load
import Scenario

/// Formats numbers for people.
enum NumberText {
    /// `1,234,567`.
    static func count(_ value: Int) -> String {
        let digits = String(value.magnitude)
        var groups: [Substring] = []
        var rest = digits[...]
        while !rest.isEmpty {
            groups.insert(rest.suffix(3), at: 0)
            rest = rest.dropLast(3)
        }
        return (value < 0 ? "-" : "") + groups.joined(separator: ",")
    }

    /// A rate per second: a whole number, with one decimal below ten.
    static func rate(_ perSecond: Double) -> String {
        perSecond < 9.95 ? "\(fixed(perSecond, 1))/s" : "\(count(Int(perSecond.rounded())))/s"
    }

    /// A share in percent, with one decimal. Values that are not exactly 0% or 100% are never rounded to them.
    static func share(_ part: Int, of whole: Int) -> String {
        guard whole > 0 else { return "n/a" }
        let percent = Double(part) * 100 / Double(whole)
        if part < whole, percent >= 99.95 { return ">99.9%" }
        if part > 0, percent < 0.05 { return "<0.1%" }
        return "\(fixed(percent, 1))%"
    }

    /// A duration in a suitable unit, or `n/a`.
    static func time(_ nanoseconds: Nanoseconds?) -> String {
        nanoseconds.map { Duration.nanoseconds(Int64(clamping: $0)).shortText } ?? "n/a"
    }

    /// Nanoseconds as milliseconds for a program, to the nanosecond: `0.250000`.
    static func milliseconds(_ nanoseconds: Double) -> String { fixed(nanoseconds / 1e6, 6) }

    /// `512 B`, `1.5 KiB`, `190 MiB`.
    static func bytes(_ count: Int) -> String {
        let units = ["KiB", "MiB", "GiB", "TiB"]
        var value = Double(count)
        guard count >= 1024 else { return "\(count) B" }
        var unit = -1
        while value >= 1024, unit < units.count - 1 {
            value /= 1024
            unit += 1
        }
        return "\(fixed(value, value < 9.95 ? 1 : 0)) \(units[unit])"
    }

    /// A count or a share: whole numbers unchanged, others to four significant digits.
    static func figure(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? count(Int(value)) : String(format: "%.4g", value)
    }

    /// `99`, `99.9`.
    static func percentile(_ value: Double) -> String {
        value == value.rounded() ? "\(Int(value))" : "\(value)"
    }

    static func fixed(_ value: Double, _ decimals: Int) -> String {
        String(format: "%.\(decimals)f", value)
    }
}
