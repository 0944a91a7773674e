import ScenarioRunner

/// Beginning and ending the measurement and its seconds.
extension Worker where Transport: ~Copyable {
    private static var second: Nanoseconds { 1_000_000_000 }

    /// Begins and ends the measurement and its seconds, before anything later is counted.
    mutating func keepSchedule() {
        if isDraining { return }
        if !isMeasuring {
            guard now >= schedule.measurementStart else { return }
            beginMeasurement()
        }
        while now >= nextTick, nextTick <= schedule.end {
            recorder.tick(to: series, lasting: Self.second)
            nextTick += Self.second
        }
        nextPhase = min(nextTick, schedule.end)
        if now >= schedule.end { endMeasurement() }
    }

    private mutating func beginMeasurement() {
        // Arrivals due earlier belong to the warm-up, however late the thread woke up.
        while let arrival = arrivals?.next, arrival < schedule.measurementStart { arrive() }
        isMeasuring = true
        recorder.clear()
        nextTick = schedule.measurementStart + Self.second
        usageBefore = clock.usage()
        (batchedTime, watchedTime) = (0, 0)
    }

    /// Ends the measurement: no request is sent from now on. Responses to requests in flight are awaited during the
    /// grace period, because leaving them out would drop the slowest.
    mutating func endMeasurement() {
        guard isMeasuring else { return }
        let end = min(now, schedule.end)
        takeLastArrivals()
        let begun = nextTick - Self.second
        if end > begun { recorder.tick(to: series, lasting: end - begun) }
        recorder.end(series)
        measured = end - schedule.measurementStart
        usage = clock.usage() - usageBefore
        usage.wakeUpBatching = min(batchedTime, measured)
        usage.watched = min(watchedTime, usage.total)
        usage.runDelay = min(usage.runDelay, measured - min(usage.total, measured))
        isDraining = true
        nextPhase = schedule.graceEnd
        recordWaiting()
    }

    /// Takes the arrivals that were due before the end. A thread that wakes up slightly late still sends them. A later
    /// one reports them as unfinished.
    private mutating func takeLastArrivals() {
        let isLate = now >= schedule.end + EngineSettings.heartbeat || stop.isSet || requestsLeft == 0
        while let arrival = arrivals?.next, arrival <= now {
            guard isLate else {
                now = clock.now()
                arrive()
                continue
            }
            _ = arrivals?.arrive()
            arrivals?.wait(arrival)
            recorder.recordArrival(due: arrival - min(arrival, schedule.measurementStart), .missed)
        }
    }

    /// Records requests that were due but have not been sent.
    private mutating func recordWaiting() {
        for slot in 0..<count where [.connecting, .handshaking].contains(connections[slot].state) {
            guard requestsLeft > 0, let elapsed = elapsed(slot) else { continue }
            recorder.recordUnfinished(step: accountableStep(slot), elapsed: elapsed, reason: .waitingForConnection)
        }
        while let arrival = arrivals?.takeOldest() {
            recorder.recordUnfinished(
                step: Int(table.steps[0].accountable), elapsed: Elapsed(sinceIntended: now &- min(arrival, now)),
                reason: .waitingForUser)
        }
    }

    /// Records a request that was sent and has no response.
    mutating func recordInFlight(_ slot: Int) {
        guard connections[slot].isCounted, let elapsed = elapsed(slot) else { return }
        recorder.recordUnfinished(step: accountableStep(slot), elapsed: elapsed, reason: .inFlight)
    }

    /// The thread's results.
    mutating func report() -> WorkerReport {
        guard isMeasuring else {
            // Stopped before the measurement: everything so far belongs to the warm-up.
            recorder.clear()
            recorder.end(series)
            return WorkerReport(
                recording: recorder.recording(), usage: ThreadUsage(user: 0, system: 0), measured: 0,
                virtualUsers: userCount)
        }
        for slot in 0..<count where connections[slot].state == .busy { recordInFlight(slot) }
        return WorkerReport(
            recording: recorder.recording(), usage: usage, measured: measured, virtualUsers: userCount)
    }
}
