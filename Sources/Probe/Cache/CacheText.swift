import Foundation

/// Numbers as the findings print them.
enum CacheText {
    static func number(_ value: Double) -> String {
        value >= 100
            ? String(format: "%.0f", value) : value >= 1 ? String(format: "%.2f", value) : String(format: "%.3g", value)
    }

    static func seconds(_ value: Double) -> String { number(value) + " s" }

    static func milliseconds(_ value: Double) -> String { number(value * 1000) + " ms" }

    /// The number with the fewest digits in a range.
    static func roundest(in bounds: ClosedRange<Double>) -> Double {
        var unit = pow(10, log10(max(bounds.upperBound, 1e-6)).rounded(.down))
        let middle = (bounds.lowerBound + bounds.upperBound) / 2
        for _ in 0..<5 {
            for step in [unit, unit / 2] {
                let candidate = (middle / step).rounded() * step
                if bounds.contains(candidate) { return candidate }
            }
            unit /= 10
        }
        return middle
    }
}
