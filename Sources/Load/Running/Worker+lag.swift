/// Estimates how long responses wait for their thread.
///
/// A response waits in its socket until a wait returns it, and then until the responses before it in the batch have
/// been processed. The second part is measured for every response. The first is measured for a sample of sockets with
/// kernel timestamps; the latest measurement is the estimate for the others.
extension Worker where Transport: ~Copyable {
    /// Records that a wait has returned.
    mutating func noteWake(_ ready: Int) {
        if !wasFull { arrivedAfter = wokenAt }
        wasFull = ready >= transport.batchCapacity
        now = clock.now()
        wokenAt = now
        if now >= nextPhase { keepSchedule() }
    }

    /// Records that bytes have just been read from a socket.
    /// - Parameter arrival: when the last of them arrived; 0 if that is unknown.
    @inline(__always)
    mutating func noteArrival(_ arrival: Nanoseconds) {
        if arrival > 0 {
            socketWait = wokenAt &- min(arrival, wokenAt)
            receiveLag = now &- min(arrival, now)
        } else {
            // If the bytes had arrived before the previous wait returned, its batch would have included them, unless it
            // was full.
            receiveLag = now &- wokenAt &+ min(socketWait, wokenAt &- arrivedAfter)
        }
        guard now >= nextPhase else { return }
        // A response after the end of a second, or of the measurement, must not count towards it. Its time of arrival
        // stays the same whatever is sent first.
        let instant = now
        keepSchedule()
        now = instant
    }
}
