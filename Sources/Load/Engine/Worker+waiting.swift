/// Waiting for what comes next.
extension Worker {
    /// Waits until sockets are ready, a heartbeat comes or something is due.
    /// - Returns: how many of `events` were filled.
    mutating func wait() -> Int {
        // What a socket has received brings the time with it.
        if spin > 0 { return arrivals == nil ? watch() : watchClock() }
        if coalescing.manner == .coalesced {
            let ready = rest()
            if ready > 0 { return ready }
        }
        let ready = sleep()
        if ready == 0 || arrivals != nil { now = MonotonicClock.now() }
        return ready
    }

    /// Counts a span of time by its answers; the heartbeat ends one and begins the next.
    mutating func endSpan() {
        let time = now &- spanStart
        if coalescing.manner == .coalesced { coalescedTime += time }
        if arrivals == nil, spin == 0 {
            coalescing.endSpan(answers: spanAnswers, lasting: time, inFlight: inFlight)
        }
        spanStart = now
        spanAnswers = 0
    }

    private func sleep() -> Int {
        guard let instant = nextInstant() else { return epoll.wait(events) }
        let now = MonotonicClock.now()
        return epoll.wait(events, timeout: instant > now ? instant - now : 0)
    }

    /// Sleeps until shortly before something is due, and looks at the clock from then on: time that it could spare.
    private mutating func watchClock() -> Int {
        let begin = MonotonicClock.now()
        let instant = nextInstant() ?? .max
        if instant > begin &+ spin {
            let ready = instant == .max ? epoll.wait(events) : epoll.wait(events, timeout: instant - spin - begin)
            now = MonotonicClock.now()
            return ready
        }
        let ready = epoll.poll(events)
        now = MonotonicClock.now()
        if ready == 0 { watchedTime &+= now &- begin }
        return ready
    }

    /// Lets answers gather for a little, where none has come yet.
    private func rest() -> Int {
        let ready = epoll.poll(events)
        if ready > 0 { return ready }
        let now = MonotonicClock.now()
        let end = min(now &+ WakeupCoalescing.rest, nextInstant() ?? .max)
        if end > now { MonotonicClock.sleep(end &- now) }
        return epoll.poll(events)
    }

    /// Watches the sockets for a while before it sleeps. In the closed model the server wakes this thread for nearly
    /// every answer, and on one machine pays for it: a thread that is awake leaves the server more for its work.
    private mutating func watch() -> Int {
        let end = now &+ spin
        repeat {
            let ready = epoll.poll(events)
            if ready > 0 { return ready }
            now = MonotonicClock.now()
        } while now < min(end, nextInstant() ?? .max)
        let ready = sleep()
        if ready == 0 { now = MonotonicClock.now() }
        return ready
    }
}
