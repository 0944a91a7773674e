import HeapModule

/// What happens by the clock rather than by a socket.
extension Worker {
    /// How often timeouts and the stop flag are looked at.
    static var sweepInterval: Nanoseconds { 20_000_000 }
    private static var second: Nanoseconds { 1_000_000_000 }

    /// Does what is due.
    /// - Returns: false once the run is over.
    mutating func keepTime() -> Bool {
        if now >= schedule.measurementStart, !isMeasuring { beginMeasurement() }
        while now >= nextTick {
            recorder.tick(to: series)
            nextTick += Self.second
        }
        if now >= schedule.end || (requestsLeft == 0 && inFlight == 0) {
            offerWhatIsDue()
            return false
        }
        if now >= nextSweep {
            if stop.isRaised { return false }
            nextSweep = now + Self.sweepInterval
            expireExchanges()
            expireArrivals()
        }
        while let first = wakeups.min, first.at <= now {
            wakeups.removeMin()
            resume(Int(first.slot), due: first.at)
            now = MonotonicClock.now()
        }
        // The measurement's own arrivals wait until it has begun, so that each of them counts.
        while let arrival = arrivals?.next, arrival <= now, isMeasuring || arrival < schedule.measurementStart {
            arrive()
            now = MonotonicClock.now()
        }
        return true
    }

    /// When something is due that cannot wait for the next heartbeat; nil where nothing is.
    func nextInstant() -> Nanoseconds? {
        var instant = isMeasuring ? min(schedule.end, nextTick) : schedule.measurementStart
        if let first = wakeups.min { instant = min(instant, first.at) }
        if let arrivals { instant = min(instant, arrivals.next) }
        // A beat comes within one interval from now, whenever that is.
        return instant < now &+ Self.sweepInterval ? instant : nil
    }

    /// A thread that wakes up late at the end has not sent what was due: it is told as never sent.
    private mutating func offerWhatIsDue() {
        while let arrival = arrivals?.next, arrival <= now {
            _ = arrivals?.arrive()
            arrivals?.wait(arrival)
            recorder.recordArrival()
        }
    }

    private mutating func beginMeasurement() {
        // What was due before belongs to the warm-up, however late the thread has woken up.
        while let arrival = arrivals?.next, arrival < schedule.measurementStart { arrive() }
        isMeasuring = true
        recorder.clear()
        nextTick = schedule.measurementStart + Self.second
        usageBefore = .current()
        coalescedTime = 0
    }

    /// Fails what has waited too long. A pass over the slab now and then costs less than a timer for each request.
    ///
    /// A request's time begins when it was to be sent, so that a server's standstill cannot hide behind late requests.
    private mutating func expireExchanges() {
        for slot in 0..<count {
            let isConnecting = connections[slot].state == .connecting || connections[slot].state == .handshaking
            guard isConnecting || connections[slot].state == .busy else { continue }
            let timeout = isConnecting ? connectTimeout : table.steps[Int(connections[slot].step)].timeout
            let since = isConnecting ? connections[slot].startedAt : connections[slot].intendedAt
            guard now &- since >= timeout else { continue }
            let limit = "\(Double(timeout) / 1e9) s"
            fail(
                slot,
                isConnecting
                    ? ExchangeFailure(kind: .connectTimeout, detail: "no connection within \(limit)")
                    : ExchangeFailure(kind: .timeout, detail: "no whole answer within \(limit)"))
        }
    }

    /// How long an arrival may wait for a user.
    var arrivalTimeout: Nanoseconds { table.steps[0].timeout > 0 ? table.steps[0].timeout : .max / 2 }

    private mutating func expireArrivals() {
        while let oldest = arrivals?.oldest, now >= oldest &+ arrivalTimeout {
            _ = arrivals?.takeOldest()
            failArrival()
        }
    }

    mutating func failArrival() {
        let limit = "\(Double(arrivalTimeout) / 1e9) s"
        recorder.record(ExchangeFailure(kind: .timeout, detail: "no virtual user was free within \(limit)"), step: 0)
    }

    /// What was measured, and how it ended.
    func report() -> WorkerReport {
        let end = min(now, schedule.end)
        var usage = isMeasuring ? .current() - usageBefore : ThreadUsage(user: 0, system: 0)
        usage.coalesced = min(coalescedTime, end &- min(end, schedule.measurementStart))
        return WorkerReport(
            recording: recorder.recording(),
            usage: usage,
            measured: isMeasuring && end > schedule.measurementStart ? end - schedule.measurementStart : 0,
            censored: inFlight, queued: arrivals?.waitingCount ?? 0)
    }
}
