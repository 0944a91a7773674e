import Glibc

/// The percentiles that reports show, and how many samples each needs.
package enum Percentile {
    package static let reported: [Double] = [50, 75, 90, 95, 99, 99.9, 99.99]

    /// The smallest number of samples n whose maximum exceeds the percentile with a probability of 97.5%: 1 − pⁿ ≥
    /// 0.975.
    package static func samplesNeeded(for percentile: Double) -> Int {
        Int((log(0.025) / log(percentile / 100)).rounded(.up))
    }
}
