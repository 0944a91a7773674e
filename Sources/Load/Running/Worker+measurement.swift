import ScenarioRunner

/// Beginning and ending the measurement and its seconds.
extension Worker where Transport: ~Copyable {
    /// Begins and ends the measurement and its seconds, before anything later is counted.
    mutating func keepSchedule() {
        while let change = phases.change(at: now) {
            switch change {
            case .measurementBegins: beginMeasurement()
            case .secondEnds:
                recorder.tick(to: series, lasting: RunPhases.second)
                phases.endSecond()
            case .measurementEnds: endMeasurement()
            }
        }
    }

    private mutating func beginMeasurement() {
        // Arrivals due earlier belong to the warm-up, however late the thread woke up.
        while users.nextArrival < phases.schedule.measurementStart { arrive() }
        phases.beginMeasurement()
        recorder.clear()
        waiting.clearTimes()
        usage = clock.usage()
    }

    /// Ends the measurement: no request is sent from now on. Responses to requests in flight are awaited during the
    /// grace period, because leaving them out would drop the slowest.
    mutating func endMeasurement() {
        guard phases.isMeasuring else { return }
        let end = min(now, phases.schedule.end)
        takeLastArrivals()
        let begun = phases.endMeasurement(at: end)
        if begun > 0 { recorder.tick(to: series, lasting: begun) }
        recorder.end(series)
        let measured = phases.measured
        usage = clock.usage() - usage
        usage.wakeUpBatching = min(waiting.batchedTime, measured)
        usage.watched = min(waiting.watchedTime, usage.total)
        usage.runDelay = min(usage.runDelay, measured - min(usage.total, measured))
        recordWaiting()
        if waitsWhenDenied { recordDenied() }
    }

    /// Takes the arrivals that were due before the end. A thread that wakes up slightly late still sends them. A later
    /// one reports them as unfinished.
    private mutating func takeLastArrivals() {
        let isLate = now >= phases.schedule.end + EngineSettings.heartbeat || stop.isSet || budget.left == 0
        while users.nextArrival <= now {
            guard isLate else {
                now = clock.now()
                arrive()
                continue
            }
            guard let arrival = users.takeArrival() else { return }
            users.wait(arrival)
            recorder.recordArrival(due: phases.sinceStart(arrival), .missed)
        }
    }

    /// Records requests that were due but have not been sent.
    private mutating func recordWaiting() {
        for slot in 0..<slab.count where [.connecting, .handshaking].contains(connections[slot].state) {
            guard budget.left > 0, let elapsed = elapsed(slot) else { continue }
            recorder.recordUnfinished(step: accountableStep(slot), elapsed: elapsed, reason: .waitingForConnection)
        }
        while let arrival = users.takeOldestWaiting() {
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
        for slot in 0..<slab.count { traceUnknown(slot) }
        traces.end()
        guard phases.isMeasuring else {
            // Stopped before the measurement: everything so far belongs to the warm-up.
            recorder.clear()
            recorder.end(series)
            return WorkerReport(
                recording: recorder.recording(), usage: ThreadUsage(user: 0, system: 0), measured: 0,
                virtualUsers: users.count)
        }
        for slot in 0..<slab.count where connections[slot].state == .busy { recordInFlight(slot) }
        return WorkerReport(
            recording: recorder.recording(), usage: usage, measured: phases.measured, virtualUsers: users.count)
    }
}
