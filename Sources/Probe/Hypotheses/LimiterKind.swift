/// The kinds of limiter that the probe tells apart.
package enum LimiterKind: String, CaseIterable, Sendable {
    /// A window that the first admission after the previous window opens.
    case fixedWindow = "fixed-window"
    /// Consecutive windows on the server's clock.
    case alignedWindow = "aligned-window"
    /// At most L admissions in any stretch of W.
    case slidingWindow = "sliding-window"
    /// The same, but denied requests count too, so that a client that keeps asking stays denied.
    case slidingWindowOfAll = "sliding-window-of-all"
    /// Aligned windows; the previous one counts in proportion to its overlap with a sliding window.
    case slidingCounter = "sliding-counter"
    case tokenBucket = "token-bucket"

    /// The name in reports: whether denied requests count is a finding of its own.
    package var name: String { self == .slidingWindowOfAll ? Self.slidingWindow.rawValue : rawValue }
}
