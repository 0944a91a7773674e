/// Waiting for what comes next.
extension Worker {
    /// Waits until sockets are ready, a heartbeat comes or something is due.
    /// - Returns: how many of `events` were filled.
    mutating func wait() -> Int {
        // What a socket has received brings the time with it.
        if spin > 0, arrivals == nil { return watch() }
        let ready = sleep()
        if ready == 0 || arrivals != nil { now = MonotonicClock.now() }
        return ready
    }

    private func sleep() -> Int {
        guard let instant = nextInstant() else { return epoll.wait(events) }
        let now = MonotonicClock.now() &+ spin
        return epoll.wait(events, timeout: instant > now ? instant - now : 0)
    }

    /// Watches the sockets for a while before it sleeps. In the closed model the server wakes this thread for nearly
    /// every answer, and on one machine pays for it: a thread that is awake leaves the server more for its work.
    private mutating func watch() -> Int {
        let end = now &+ spin
        repeat {
            let ready = epoll.wait(events, timeout: 0)
            if ready > 0 { return ready }
            now = MonotonicClock.now()
        } while now < min(end, nextInstant() ?? .max)
        let ready = sleep()
        if ready == 0 { now = MonotonicClock.now() }
        return ready
    }
}
