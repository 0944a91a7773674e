import HeapModule

/// What happens by the clock rather than by a socket.
extension Worker where Transport: ~Copyable {
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
            nextSweep = now + EngineSettings.heartbeat
            expireExchanges()
            expireArrivals()
        }
        while let first = wakeups.min, first.at <= now {
            wakeups.removeMin()
            resume(Int(first.slot), due: first.at)
            now = clock.now()
        }
        // The measurement's own arrivals wait until it has begun, so that each of them counts.
        while let arrival = arrivals?.next, arrival <= now, isMeasuring || arrival < schedule.measurementStart {
            arrive()
            now = clock.now()
        }
        return true
    }

    /// When something is due that cannot wait for the next heartbeat; nil where nothing is.
    func nextInstant() -> Nanoseconds? {
        var instant = isMeasuring ? min(schedule.end, nextTick) : schedule.measurementStart
        if let first = wakeups.min { instant = min(instant, first.at) }
        if let arrivals { instant = min(instant, arrivals.next) }
        // A beat comes within one interval from now, whenever that is.
        return instant < now &+ EngineSettings.heartbeat ? instant : nil
    }

    /// A thread that wakes up late at the end has not sent what was due: it is told as never sent.
    private mutating func offerWhatIsDue() {
        while let arrival = arrivals?.next, arrival <= now {
            _ = arrivals?.arrive()
            arrivals?.wait(arrival)
            recorder.recordArrival(due: arrival - min(arrival, schedule.measurementStart), .missed)
        }
    }

    private mutating func beginMeasurement() {
        // What was due before belongs to the warm-up, however late the thread has woken up.
        while let arrival = arrivals?.next, arrival < schedule.measurementStart { arrive() }
        isMeasuring = true
        recorder.clear()
        nextTick = schedule.measurementStart + Self.second
        usageBefore = clock.usage()
        (coalescedTime, watchedTime) = (0, 0)
    }

    /// Fails what has waited too long. A pass over the slab now and then costs less than a timer for each request.
    ///
    /// A request's time begins when it was to be sent, so that a server's standstill cannot hide behind late requests.
    private mutating func expireExchanges() {
        for slot in 0..<count {
            let isConnecting = connections[slot].state == .connecting || connections[slot].state == .handshaking
            guard isConnecting || connections[slot].state == .busy else { continue }
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
                    : ExchangeFailure(kind: .timeout, detail: "no whole answer within \(limit)"))
        }
    }

    /// How long an arrival may wait for a user.
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

    /// The step that counts what happens on the slot's connection.
    func accountableStep(_ slot: Int) -> Int { Int(table.steps[Int(max(connections[slot].step, 0))].accountable) }

    /// How long the slot's request has waited for its response; nil if none is due on it.
    func elapsed(_ slot: Int) -> Elapsed? {
        let isSent = connections[slot].state == .busy
        guard isSent || hasRequest(slot) else { return nil }
        return Elapsed(
            sinceIntended: now &- min(connections[slot].intendedAt, now),
            sinceSent: isSent ? now &- connections[slot].startedAt : nil,
            sendLag: isSent ? connections[slot].sendLag : 0)
    }

    /// What was measured, and how it ended.
    mutating func report() -> WorkerReport {
        guard isMeasuring else {
            // Stopped before: what there was belongs to the warm-up.
            recorder.clear()
            return WorkerReport(
                recording: recorder.recording(), usage: ThreadUsage(user: 0, system: 0), measured: 0)
        }
        let end = min(now, schedule.end)
        let measured = end - min(end, schedule.measurementStart)
        var usage = clock.usage() - usageBefore
        usage.coalesced = min(coalescedTime, measured)
        usage.watched = watchedTime
        recordUnfinished()
        return WorkerReport(recording: recorder.recording(), usage: usage, measured: measured)
    }

    /// Counts what was due and has no response.
    private mutating func recordUnfinished() {
        for slot in 0..<count {
            guard let elapsed = elapsed(slot) else { continue }
            switch connections[slot].state {
            case .busy where connections[slot].isCounted:
                recorder.recordUnfinished(step: accountableStep(slot), elapsed: elapsed, reason: .inFlight)
            case .connecting, .handshaking:
                guard requestsLeft > 0 else { continue }
                recorder.recordUnfinished(step: accountableStep(slot), elapsed: elapsed, reason: .waitingForConnection)
            case .closed, .idle, .busy: continue
            }
        }
        while let arrival = arrivals?.takeOldest() {
            recorder.recordUnfinished(
                step: Int(table.steps[0].accountable), elapsed: Elapsed(sinceIntended: now &- min(arrival, now)),
                reason: .waitingForUser)
        }
    }

    /// Whether a request is sent on the connection as soon as it is made.
    private func hasRequest(_ slot: Int) -> Bool {
        arrivals == nil ? now >= schedule.start : users[Int(connections[slot].user)].isInIteration
    }
}
