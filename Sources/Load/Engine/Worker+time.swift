import HeapModule

/// What happens by the clock rather than by a socket.
extension Worker {
    /// How often timeouts and the stop flag are looked at.
    private static var sweepInterval: Nanoseconds { 20_000_000 }
    private static var second: Nanoseconds { 1_000_000_000 }

    /// Does what is due.
    /// - Returns: false once the run is over.
    mutating func keepTime() -> Bool {
        if now >= schedule.measurementStart, !isMeasuring { beginMeasurement() }
        while now >= nextTick {
            recorder.tick(to: series)
            nextTick += Self.second
        }
        if now >= schedule.end { return false }
        if now >= nextSweep {
            if stop.isRaised { return false }
            nextSweep = now + Self.sweepInterval
            expireExchanges()
        }
        while let first = wakeups.min, first.at <= now {
            wakeups.removeMin()
            resume(Int(first.user))
            now = MonotonicClock.now()
        }
        return true
    }

    /// When something is due next. Never before now.
    func nextInstant() -> Nanoseconds {
        var instant = min(nextSweep, schedule.end, nextTick)
        if !isMeasuring { instant = min(instant, schedule.measurementStart) }
        if let first = wakeups.min { instant = min(instant, first.at) }
        return max(instant, now)
    }

    private mutating func beginMeasurement() {
        isMeasuring = true
        recorder.clear()
        nextTick = schedule.measurementStart + Self.second
        usageBefore = .current()
    }

    /// Fails what has waited too long. A pass over the slab now and then costs less than a timer for each request.
    private mutating func expireExchanges() {
        for slot in 0..<count {
            let isConnecting = connections[slot].state == .connecting
            guard isConnecting || connections[slot].state == .busy else { continue }
            let step = Int(users[Int(connections[slot].user)].step)
            let timeout = isConnecting ? connectTimeout : table.steps[step].timeout
            guard now &- connections[slot].startedAt >= timeout else { continue }
            let limit = "\(Double(timeout) / 1e9) s"
            fail(
                slot,
                isConnecting
                    ? ExchangeFailure(kind: .connectTimeout, detail: "no connection within \(limit)")
                    : ExchangeFailure(kind: .timeout, detail: "no whole answer within \(limit)"))
        }
    }

    /// What was measured, and how it ended.
    func report() -> WorkerReport {
        let end = min(now, schedule.end)
        var censored = 0
        for slot in 0..<count where connections[slot].state == .busy { censored += 1 }
        return WorkerReport(
            recording: recorder.recording(),
            usage: isMeasuring ? .current() - usageBefore : ThreadUsage(user: 0, system: 0),
            measured: isMeasuring && end > schedule.measurementStart ? end - schedule.measurementStart : 0,
            censored: censored)
    }
}
