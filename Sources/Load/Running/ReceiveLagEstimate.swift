/// Estimates how long responses wait for their thread.
///
/// A response waits in its socket until a wait returns it, and then until the responses before it in the batch have
/// been processed. The second part is measured for every response. The first is measured for a sample of sockets with
/// kernel timestamps; the latest measurement is the estimate for the others.
struct ReceiveLagEstimate {
    /// How long the response read last had waited.
    private(set) var latest: Nanoseconds = 0

    /// When the latest wait returned, and whether it returned the maximum number of events.
    private var wokenAt: Nanoseconds = 0
    private var wasFull = false
    /// When the last wait that left nothing unreported returned. Responses of the current batch arrived after it.
    private var arrivedAfter: Nanoseconds = 0
    /// How long a response waited in its socket until a wait returned, by the latest timestamp.
    private var socketWait: Nanoseconds = 0

    init(wokenAt: Nanoseconds = 0) { self.wokenAt = wokenAt }

    /// Records that a wait has returned.
    /// - Parameter isFull: whether it returned the maximum number of events.
    @inline(__always)
    mutating func wake(at now: Nanoseconds, isFull: Bool) {
        if !wasFull { arrivedAfter = wokenAt }
        wasFull = isFull
        wokenAt = now
    }

    /// Records that bytes have just been read from a socket.
    /// - Parameter arrival: when the last of them arrived; 0 if that is unknown.
    @inline(__always)
    mutating func read(at now: Nanoseconds, arrival: Nanoseconds) {
        if arrival > 0 {
            socketWait = wokenAt &- min(arrival, wokenAt)
            latest = now &- min(arrival, now)
        } else {
            // If the bytes had arrived before the previous wait returned, its batch would have included them, unless it
            // was full.
            latest = now &- wokenAt &+ min(socketWait, wokenAt &- arrivedAfter)
        }
    }
}
