/// How long responses wait for their thread.
///
/// A response waits in its socket until a wait returns with it, and then until the responses before it in the batch have
/// been taken. The second part is known for every response. The first is known for a sample of them, by the kernel's
/// timestamps; the latest of these is the estimate for the others.
extension Worker where Transport: ~Copyable {
    /// A wait has returned.
    mutating func noteWake(_ ready: Int) {
        if !wasFull { arrivedAfter = wokenAt }
        wasFull = ready >= transport.batchCapacity
        now = clock.now()
        wokenAt = now
        if now >= nextPhase { keepSchedule() }
    }

    /// Bytes have just been taken from a socket.
    /// - Parameter arrival: when the last of them arrived; 0 if that is not known.
    @inline(__always)
    mutating func noteArrival(_ arrival: Nanoseconds) {
        if arrival > 0 {
            socketWait = wokenAt &- min(arrival, wokenAt)
            receiveLag = now &- min(arrival, now)
        } else {
            // What arrived before the wait before would have been in its batch, unless that was full.
            receiveLag = now &- wokenAt &+ min(socketWait, wokenAt &- arrivedAfter)
        }
        guard now >= nextPhase else { return }
        // What comes after a second, or after the measurement, is not counted in it; and it came when it came, whatever
        // is sent first.
        let instant = now
        keepSchedule()
        now = instant
    }
}
