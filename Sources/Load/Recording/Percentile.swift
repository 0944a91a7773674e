import Glibc

/// Which percentiles are told, and of how many samples.
package enum Percentile {
    package static let reported: [Double] = [50, 75, 90, 95, 99, 99.9, 99.99]

    /// The number of samples n at which the largest lies beyond the percentile with a chance of 97.5%: 1 − pⁿ ≥ 0.975.
    package static func samplesNeeded(for percentile: Double) -> Int {
        Int((log(0.025) / log(percentile / 100)).rounded(.up))
    }
}
