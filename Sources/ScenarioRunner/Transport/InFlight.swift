/// How many requests were in flight at one time.
package enum InFlight {
    /// The largest number of intervals that share an instant.
    ///
    /// An interval begins with the instant at which a request was sent and ends before the one at which its response had
    /// arrived: a request that was sent when another's response arrived was not in flight together with it.
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
