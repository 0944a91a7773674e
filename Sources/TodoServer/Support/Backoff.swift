import NIOCore

/// How long to wait before connecting again.
package enum Backoff {
    /// Doubles from 20 ms up to one second, less a random half: what was away is in use again soon after it is back.
    /// - Parameter jitter: in 0...1; spreads the instances that lost the same server.
    package static func delay(attempt: Int, jitter: Double) -> TimeAmount {
        let longest = Double(min(1000, 20 << min(attempt, 10)))
        return .milliseconds(Int64(longest * (0.5 + 0.5 * jitter)))
    }
}
