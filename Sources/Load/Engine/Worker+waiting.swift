/// Waiting for what comes next.
extension Worker where Transport: ~Copyable {
    /// Waits until sockets are ready, a heartbeat comes or something is due.
    /// - Returns: how many events there are.
    mutating func wait() -> Int {
        // What a socket has received brings the time with it.
        if spin > 0 { return arrivals == nil ? watch() : watchClock() }
        if coalescing.manner == .coalesced {
            let ready = rest()
            if ready > 0 { return ready }
        }
        let ready = sleep()
        if ready == 0 || arrivals != nil { now = clock.now() }
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
        guard let instant = nextInstant() else { return transport.wait() }
        let now = clock.now()
        return transport.wait(atMost: instant > now ? instant - now : 0)
    }

    /// Sleeps until shortly before something is due, and looks at the clock from then on: time that it could spare.
    private mutating func watchClock() -> Int {
        let begin = clock.now()
        let instant = nextInstant() ?? .max
        if instant > begin &+ spin {
            let ready = instant == .max ? transport.wait() : transport.wait(atMost: instant - spin - begin)
            now = clock.now()
            return ready
        }
        let ready = transport.poll()
        now = clock.now()
        if ready == 0 { watchedTime &+= now &- begin }
        return ready
    }

    /// Lets answers gather for a little, where none has come yet.
    private func rest() -> Int {
        let ready = transport.poll()
        if ready > 0 { return ready }
        let now = clock.now()
        let end = min(now &+ WakeupCoalescing.rest, nextInstant() ?? .max)
        if end > now { clock.sleep(end &- now) }
        return transport.poll()
    }

    /// Watches the sockets for a while before it sleeps. In the closed model the server wakes this thread for nearly
    /// every answer, and on one machine pays for it: a thread that is awake leaves the server more for its work.
    private mutating func watch() -> Int {
        let end = now &+ spin
        repeat {
            let ready = transport.poll()
            if ready > 0 { return ready }
            now = clock.now()
        } while now < min(end, nextInstant() ?? .max)
        let ready = sleep()
        if ready == 0 { now = clock.now() }
        return ready
    }
}
