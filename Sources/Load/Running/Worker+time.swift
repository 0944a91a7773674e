import HeapModule
import ScenarioRunner

/// Everything that happens at a given time rather than on a socket event.
extension Worker where Transport: ~Copyable {
    /// The maximum number of users that continue, and of arrivals taken, between two checks of the sockets. Responses
    /// must not wait until all users have sent.
    private static var mostAtOnce: Int { 64 }

    /// Does everything that is due.
    /// - Returns: false once the run is over.
    mutating func keepTime() -> Bool {
        if now >= nextPhase { keepSchedule() }
        if requestsLeft == 0, inFlight == 0, !isDraining { endMeasurement() }
        if now >= nextSweep {
            if stop.isSet {
                if isMeasuring, !isDraining { endMeasurement() }
                return false
            }
            nextSweep = now + EngineSettings.heartbeat
            expireExchanges()
            if !isDraining { expireArrivals() }
        }
        if isDraining { return inFlight > 0 && now < schedule.graceEnd }
        wakeUsers()
        takeArrivals()
        return true
    }

    private mutating func wakeUsers() {
        for _ in 0..<Self.mostAtOnce {
            guard let first = wakeups.min, first.at <= now else { return }
            wakeups.removeMin()
            // Processing the previous user took time, which counts towards this one's lateness.
            now = clock.now()
            resume(Int(first.slot), due: first.at)
        }
    }

    /// Arrivals of the measurement wait until it has begun, so that each of them counts.
    private mutating func takeArrivals() {
        for _ in 0..<Self.mostAtOnce {
            guard let arrival = arrivals?.next, arrival <= now, isMeasuring || arrival < schedule.measurementStart
            else { return }
            now = clock.now()
            arrive()
        }
    }

    /// When the next thing is due that cannot wait for the next heartbeat; nil if there is none.
    func nextInstant() -> Nanoseconds? {
        var instant = nextPhase
        if isDraining { return instant < now &+ EngineSettings.heartbeat ? instant : nil }
        if let first = wakeups.min { instant = min(instant, first.at) }
        if let arrivals { instant = min(instant, arrivals.next) }
        // The next heartbeat comes within one interval from now.
        return instant < now &+ EngineSettings.heartbeat ? instant : nil
    }

    /// Fails exchanges and connection attempts that have timed out. An occasional pass over the slab costs less than a
    /// timer per request.
    ///
    /// The timeout starts when the request was intended, so that late requests cannot hide a server's standstill.
    private mutating func expireExchanges() {
        for slot in 0..<count {
            let isConnecting = connections[slot].state == .connecting || connections[slot].state == .handshaking
            guard isConnecting && !isDraining || connections[slot].state == .busy else { continue }
            let step = table.steps[Int(max(connections[slot].step, 0))]
            let timeout =
                isConnecting ? min(connectTimeout, table.steps[Int(step.accountable)].timeout) : step.timeout
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
        while let oldest = arrivals?.oldest, now >= oldest &+ arrivalTimeout {
            _ = arrivals?.takeOldest()
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
        let isSent = connections[slot].state == .busy
        guard isSent || hasRequest(slot) else { return nil }
        return Elapsed(
            sinceIntended: now &- min(connections[slot].intendedAt, now),
            sinceSent: isSent ? now &- connections[slot].startedAt : nil,
            sendLag: isSent ? connections[slot].sendLag : connections[slot].openLag)
    }

    /// Whether a request is sent as soon as the connection is made.
    func hasRequest(_ slot: Int) -> Bool {
        let user = users[Int(connections[slot].user)]
        return user.isInIteration || (arrivals == nil && now >= schedule.start(ofUser: user.number))
    }
}
