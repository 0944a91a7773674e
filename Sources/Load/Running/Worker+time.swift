import ScenarioRunner

/// Everything that happens at a given time rather than on a socket event.
extension Worker where Transport: ~Copyable {
    /// The maximum number of users that continue, and of arrivals taken, between two checks of the sockets. Responses
    /// must not wait until all users have sent.
    private static var mostAtOnce: Int { 64 }

    /// Does everything that is due.
    /// - Returns: false once the run is over.
    mutating func keepTime() -> Bool {
        if now >= phases.nextChange { keepSchedule() }
        if budget.isSpent, !phases.isDraining { endMeasurement() }
        if now >= nextSweep {
            if stop.isSet {
                if !phases.isDraining { endMeasurement() }
                return false
            }
            nextSweep = now + EngineSettings.heartbeat
            expireExchanges()
            if !phases.isDraining { expireArrivals() }
        }
        if phases.isDraining { return budget.inFlight > 0 && now < phases.schedule.graceEnd }
        wakeUsers()
        takeArrivals()
        return true
    }

    private mutating func wakeUsers() {
        for _ in 0..<Self.mostAtOnce {
            guard let wakeup = users.takeWakeup(at: now) else { return }
            // Processing the previous user took time, which counts towards this one's lateness.
            now = clock.now()
            resume(Int(wakeup.slot), due: wakeup.at)
        }
    }

    /// Arrivals of the measurement wait until it has begun, so that each of them counts.
    private mutating func takeArrivals() {
        for _ in 0..<Self.mostAtOnce {
            let arrival = users.nextArrival
            guard arrival <= now, phases.isMeasuring || arrival < phases.schedule.measurementStart else { return }
            now = clock.now()
            arrive()
        }
    }

    /// When the next thing is due that cannot wait for the next heartbeat; nil if there is none.
    func nextInstant() -> Nanoseconds? {
        let instant = phases.isDraining ? phases.nextChange : min(phases.nextChange, users.nextInstant)
        // The next heartbeat comes within one interval from now.
        return instant < now &+ EngineSettings.heartbeat ? instant : nil
    }

    /// Fails exchanges and connection attempts that have timed out. An occasional pass over the slab costs less than a
    /// timer per request.
    ///
    /// The timeout starts when the request was intended, so that late requests cannot hide a server's standstill.
    private mutating func expireExchanges() {
        for slot in 0..<slab.count {
            let isConnecting = connections[slot].state == .connecting || connections[slot].state == .handshaking
            guard isConnecting && !phases.isDraining || connections[slot].state == .busy else { continue }
            let step = table.steps[Int(max(connections[slot].step, 0))]
            let timeout =
                isConnecting
                ? min(Nanoseconds(settings.connectTimeout), table.steps[Int(step.accountable)].timeout) : step.timeout
            let since =
                isConnecting && !hasRequest(slot) ? connections[slot].startedAt : connections[slot].intendedAt
            guard now &- since >= timeout else { continue }
            let limit = "\(Double(timeout) / 1e9) s"
            fail(
                slot,
                isConnecting
                    ? ExchangeFailure(kind: .connectTimeout, detail: "no connection within \(limit)")
                    : ExchangeFailure(kind: .timeout, detail: "no complete response within \(limit)"))
        }
    }

    /// The longest time that an arrival may wait for a user.
    var arrivalTimeout: Nanoseconds { table.steps[Int(table.steps[0].accountable)].timeout }

    private mutating func expireArrivals() {
        while let oldest = users.oldestWaiting, now >= oldest &+ arrivalTimeout {
            _ = users.takeOldestWaiting()
            failArrival(oldest)
        }
    }

    mutating func failArrival(_ arrival: Nanoseconds) {
        let limit = "\(Double(arrivalTimeout) / 1e9) s"
        recorder.record(
            ExchangeFailure(kind: .timeout, detail: "no virtual user was free within \(limit)"),
            step: Int(table.steps[0].accountable), elapsed: Elapsed(sinceIntended: now &- arrival))
    }

    /// The step that events on the slot's connection are counted for.
    func accountableStep(_ slot: Int) -> Int { Int(table.steps[Int(max(connections[slot].step, 0))].accountable) }

    /// How long the slot's request has waited for its response; nil if the slot has no request.
    func elapsed(_ slot: Int) -> Elapsed? {
        connections[slot].state == .busy || hasRequest(slot) ? connections[slot].elapsed(at: now) : nil
    }

    /// Whether a request is sent as soon as the connection is made.
    func hasRequest(_ slot: Int) -> Bool {
        let user = users[Int(connections[slot].user)]
        return user.isInIteration || (!users.isOpenModel && now >= phases.schedule.start(ofUser: user.number))
    }
}
