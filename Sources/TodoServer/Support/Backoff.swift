import NIOCore

/// The delay before a reconnect.
package enum Backoff {
    /// Doubles from 20 ms up to one second, minus up to half of it. The cap keeps a server that is back in use soon.
    /// - Parameter jitter: in 0...1; spreads the reconnects of instances that lost the same server.
    package static func delay(attempt: Int, jitter: Double) -> TimeAmount {
        let longest = Double(min(1000, 20 << min(attempt, 10)))
        return .milliseconds(Int64(longest * (0.5 + 0.5 * jitter)))
    }
}
