/// Opening and losing connections, and reconnecting.
extension Worker where Transport: ~Copyable {
    /// The backoff after a first failure. It doubles with each further failure.
    private static var firstBackoff: Nanoseconds { 10_000_000 }
    private static var longestBackoff: Nanoseconds { 1_000_000_000 }

    mutating func openConnection(_ slot: Int) {
        let user = Int(connections[slot].user)
        connections[slot].openLag = connections[slot].isDueByClock ? now &- connections[slot].readyAt : 0
        let isConnected: Bool
        do throws(ExchangeFailure) {
            isConnected = try slab.open(slot, from: settings.sources.address(user: users[user].number), at: now)
        } catch {
            fail(slot, error)
            return
        }
        now = clock.now()
        if isConnected { shakeHands(slot) }
    }

    /// Completes a connection attempt, successfully or not.
    mutating func finishConnecting(_ slot: Int) {
        if let failure = slab.connectFailure(slot) { fail(slot, failure) } else { shakeHands(slot) }
    }

    /// The socket is connected. TLS, if used, comes first.
    mutating func shakeHands(_ slot: Int) {
        switch slab.handshake(slot) {
        case .done: useConnection(slot)
        case .waiting: break
        case .failed(let failure): fail(slot, failure)
        }
    }

    private mutating func useConnection(_ slot: Int) {
        // The last step of a TLS handshake takes noticeable time.
        if slab.transport.isEncrypted { now = clock.now() }
        connections[slot].state = .idle
        connections[slot].readyAt = now
        if !users[Int(connections[slot].user)].isInIteration {
            // It was opened ahead of any request.
            connections[slot].isDueByClock = false
            connections[slot].openLag = 0
        }
        perform(slot)
    }

    /// Records that the exchange in flight, or the connection attempt, has failed. Its sequence continues after a
    /// while.
    ///
    /// In the open model a request that gets no connection has failed. In the closed model the connection is tried
    /// again.
    mutating func fail(_ slot: Int, _ failure: ExchangeFailure) {
        let user = Int(connections[slot].user)
        let wasBusy = connections[slot].state == .busy
        if !wasBusy || connections[slot].isCounted {
            recorder.record(failure, step: accountableStep(slot), elapsed: elapsed(slot))
        }
        traceUnknown(slot)
        connections[slot].isSentAgain = false
        if wasBusy { budget.end() }
        connections[slot].isStepOver =
            wasBusy || users.isOpenModel && users[user].isInIteration && connections[slot].step >= 0
        closeConnection(slot, .failed(failure.kind))
        if phases.isDraining { return }
        let failures = connections[slot].failuresInARow
        connections[slot].failuresInARow = failures + 1
        // In the open model arrivals pace the attempts, and a user that backed off would not be free for the next
        // arrival.
        let backoff =
            users.isOpenModel ? 0 : min(Self.firstBackoff << UInt64(min(failures, 16)), Self.longestBackoff)
        users.wake(slot, at: now + backoff)
    }

    /// Handles a lost connection. If no exchange was in progress, nothing failed; the worker reconnects when
    /// needed.
    /// - Parameter isUnsent: whether no byte of the request had been sent.
    mutating func lose(_ slot: Int, _ failure: ExchangeFailure, isUnsent: Bool = false) {
        guard connections[slot].state == .busy else {
            closesUnannounced = true
            closeConnection(slot, failure.kind == .closed ? .closedByServer : .failed(failure.kind))
            return
        }
        let isSafe = isUnsent || table.steps[Int(connections[slot].step)].isIdempotent
        if connections[slot].wasClosedMeanwhile(failure, isSafe: isSafe) {
            sendAgain(slot)
        } else {
            fail(slot, failure)
        }
    }

    /// Retries the request in flight on a new connection. If the retry is lost too, the request has failed. A request
    /// with templates is rendered again.
    private mutating func sendAgain(_ slot: Int) {
        closesUnannounced = true
        if phases.isDraining {
            recordInFlight(slot)
            traceUnknown(slot)
            budget.end()
            closeConnection(slot, .closedByServer)
            return
        }
        budget.takeBack(isCounted: connections[slot].isCounted)
        // A retry that is rendered again may write another value, so both are recorded.
        if traces.notesRequest(step: Int(connections[slot].step)) { traceUnknown(slot) }
        connections[slot].isSentAgain = true
        closeConnection(slot, .closedByServer)
        openConnection(slot)
    }

    mutating func closeConnection(_ slot: Int, _ reason: ReconnectReason) {
        if slab.close(slot) { recorder.record(reason) }
    }

    /// Records for the trace that the request sent last, if it still waits for its response, will get none.
    mutating func traceUnknown(_ slot: Int) {
        guard connections[slot].firstSentAt != 0 else { return }
        traces.recordUnknown(connections + slot, slot: slot, user: users[Int(connections[slot].user)])
        connections[slot].endRequest()
    }
}
