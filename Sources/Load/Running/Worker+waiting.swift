/// Waiting for the next event.
extension Worker where Transport: ~Copyable {
    /// Waits until sockets are ready, a heartbeat arrives or something is due.
    /// - Returns: the number of events.
    mutating func wait() -> Int {
        if spin > 0 { return arrivals == nil ? watch() : watchClock() }
        if batching.mode == .batched {
            let ready = rest()
            if ready > 0 { return ready }
        }
        return sleep()
    }

    /// Ends a span of wake-up batching. Each heartbeat ends one and begins the next.
    mutating func endSpan() {
        let time = now &- spanStart
        if batching.mode == .batched { batchedTime += time }
        if arrivals == nil, spin == 0 {
            batching.endSpan(responses: spanResponses, lasting: time, inFlight: inFlight)
        }
        spanStart = now
        spanResponses = 0
    }

    private func sleep() -> Int {
        guard let instant = nextInstant() else { return transport.wait() }
        let now = clock.now()
        return transport.wait(atMost: instant > now ? instant - now : 0)
    }

    /// Sleeps until shortly before something is due, then busy-waits on the clock and the sockets.
    private mutating func watchClock() -> Int {
        let begin = clock.now()
        let instant = nextInstant() ?? .max
        if instant > begin &+ spin {
            return instant == .max ? transport.wait() : transport.wait(atMost: instant - spin - begin)
        }
        return watch(until: instant)
    }

    /// Polls until something is ready. Only the CPU time counts as spent on watching, because time without a core could
    /// not have been saved.
    private mutating func watch(until end: Nanoseconds) -> Int {
        var ready = transport.poll()
        if ready > 0 { return ready }
        let begin = clock.processorTime()
        while ready == 0, clock.now() < end { ready = transport.poll() }
        watchedTime &+= clock.processorTime() &- begin
        return ready
    }

    /// Lets responses gather for a moment, unless some are ready.
    private func rest() -> Int {
        let ready = transport.poll()
        if ready > 0 { return ready }
        let now = clock.now()
        let end = min(now &+ WakeUpBatching.rest, nextInstant() ?? .max)
        if end > now { clock.sleep(end &- now) }
        return transport.poll()
    }

    /// Busy-waits on the sockets for a while before sleeping.
    ///
    /// In the closed model the server wakes this thread for nearly every response and, on one machine, pays for it. A
    /// thread that stays awake leaves the server more CPU time.
    private mutating func watch() -> Int {
        let ready = watch(until: min(clock.now() &+ spin, nextInstant() ?? .max))
        return ready > 0 ? ready : sleep()
    }
}
