import HeapModule

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
            let source = settings.sources.address(user: users[user].number)
            connections[slot].state = .connecting
            connections[slot].startedAt = now
            isConnected = try transport.open(&connections[slot].socket, slot: slot, from: source)
        } catch {
            fail(slot, error)
            return
        }
        now = clock.now()
        if isConnected { connected(slot) }
    }

    /// Completes a connection attempt, successfully or not.
    mutating func finishConnecting(_ slot: Int) {
        let code = transport.connectError(connections[slot].socket)
        guard code == 0 else {
            fail(slot, ExchangeFailure(code: code, during: "connect"))
            return
        }
        connected(slot)
    }

    /// The socket is connected. TLS, if used, comes first.
    private mutating func connected(_ slot: Int) {
        connections[slot].state = .handshaking
        shakeHands(slot)
    }

    private mutating func shakeHands(_ slot: Int) {
        switch transport.handshake(&connections[slot].socket) {
        case .done: useConnection(slot)
        case .waiting: break
        case .failed(let failure): fail(slot, failure)
        }
    }

    private mutating func useConnection(_ slot: Int) {
        // The last step of a TLS handshake takes noticeable time.
        if transport.isEncrypted { now = clock.now() }
        connections[slot].state = .idle
        connections[slot].readyAt = now
        if !users[Int(connections[slot].user)].isInIteration {
            // It was opened ahead of any request.
            connections[slot].isDueByClock = false
            connections[slot].openLag = 0
        }
        perform(slot)
    }

    mutating func handle(_ event: ReadyEvent) {
        let slot = event.slot
        // After the measurement, only responses matter.
        if isDraining, connections[slot].state != .busy { return }
        switch connections[slot].state {
        case .connecting:
            now = clock.now()
            finishConnecting(slot)
        case .handshaking:
            now = clock.now()
            shakeHands(slot)
        case .closed, .idle, .busy: break
        }
        // TLS may have had to read before it could write.
        if event.isWritable || transport.isEncrypted, connections[slot].unsentCount > 0 {
            sendRest(slot)
        }
        if event.isReadable || event.hasEnded { receive(slot, mayHaveEnded: event.hasEnded) }
    }

    /// Records that the exchange in flight, or the connection attempt, has failed. Its sequence continues after a
    /// while.
    ///
    /// In the open model a request that gets no connection has failed. In the closed model the connection is tried
    /// again.
    mutating func fail(_ slot: Int, _ failure: ExchangeFailure) {
        let user = Int(connections[slot].user)
        if connections[slot].state != .busy || connections[slot].isCounted {
            recorder.record(failure, step: accountableStep(slot), elapsed: elapsed(slot))
        }
        connections[slot].isSentAgain = false
        if connections[slot].state == .busy {
            inFlight -= 1
            connections[slot].isStepOver = true
        } else {
            connections[slot].isStepOver = arrivals != nil && users[user].isInIteration && connections[slot].step >= 0
        }
        closeConnection(slot, .failed(failure.kind))
        if isDraining { return }
        let failures = connections[slot].failuresInARow
        connections[slot].failuresInARow = failures + 1
        // In the open model arrivals pace the attempts, and a user that backed off would not be free for the next
        // arrival.
        let backoff =
            arrivals == nil ? min(Self.firstBackoff << UInt64(min(failures, 16)), Self.longestBackoff) : 0
        wakeups.insert(Wakeup(at: now + backoff, slot: Int32(slot)))
    }

    /// Closes the slot's connection and drops everything that belonged to it.
    mutating func closeConnection(_ slot: Int, _ reason: ReconnectReason) {
        if connections[slot].socket.descriptor >= 0 { recorder.record(reason) }
        transport.close(&connections[slot].socket)
        connections[slot].state = .closed
        connections[slot].isUsed = false
        releaseReceived(slot)
        releaseUnsent(slot)
    }
}
