import NIOCore

/// What one instance remembers of its clients' requests, as a value.
package protocol RateLimitTable: Sendable {
    /// Counts a request of a client. A denied one does not count and prolongs nothing.
    mutating func admit(_ key: String, now: NIODeadline) -> Admission
}

extension Int64 {
    /// Of nanoseconds.
    var roundedUpToMilliseconds: Int64 { (self + 999_999) / 1_000_000 }
}
