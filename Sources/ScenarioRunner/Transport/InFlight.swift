/// Counts the requests in flight at the same time.
package enum InFlight {
    /// The maximum number of intervals that overlap at one instant.
    ///
    /// Intervals are half-open, `[sent, received)`: a request sent at the instant when another's response arrived was
    /// not in flight together with it.
    package static func peak<Instant: Comparable>(_ intervals: [(sent: Instant, received: Instant)]) -> Int {
        let sent = intervals.map(\.sent).sorted()
        let received = intervals.map(\.received).sorted()
        var (peak, ended) = (0, 0)
        for (begun, instant) in sent.enumerated() {
            while ended < received.count, received[ended] <= instant { ended += 1 }
            peak = max(peak, begun + 1 - ended)
        }
        return peak
    }
}
