import NIOCore

/// One instance's counts of its clients' requests, as a value.
package protocol RateLimitTable: Sendable {
    /// Counts a client's request. A denied request does not count and does not extend the window.
    mutating func admit(_ key: String, now: NIODeadline) -> Admission
}

extension Int64 {
    /// Converts nanoseconds to milliseconds.
    var roundedUpToMilliseconds: Int64 { (self + 999_999) / 1_000_000 }
}
