/// A slot's part in sending a request and receiving its response. Nothing here touches the socket.
extension Connection {
    /// Makes the next request due.
    /// - Parameters:
    ///   - intended: when the schedule meant it to be sent.
    ///   - ready: when it could have been sent.
    ///   - byClock: whether it is due at a time of the schedule, rather than after a response.
    @inline(__always)
    mutating func makeDue(_ intended: Nanoseconds, ready: Nanoseconds, byClock: Bool) {
        intendedAt = intended
        readyAt = ready
        isDueByClock = byClock
    }

    /// Begins an exchange of a step.
    @inline(__always)
    mutating func beginExchange(_ step: borrowing StepTable.Step, at now: Nanoseconds) {
        state = .busy
        parser = ResponseParser(isBodiless: step.isBodiless, limits: step.limits)
        startedAt = now
    }

    /// Marks the request as sent.
    @inline(__always)
    mutating func noteSent() {
        if firstSentAt == 0 { firstSentAt = startedAt } else { wasRetried = true }
        openLag = 0
        isDueByClock = false
        isSentAgain = false
    }

    /// Forgets the request that was sent, once it has a response or will get none.
    @inline(__always)
    mutating func endRequest() {
        firstSentAt = 0
        wasRetried = false
    }

    /// Ends an exchange that got a response.
    @inline(__always)
    mutating func endExchange() {
        endRequest()
        state = .idle
        isUsed = true
        failuresInARow = 0
    }

    /// Whether the connection can carry another request after its response.
    /// - Parameters:
    ///   - length: the length of the response.
    ///   - count: the number of bytes received.
    @inline(__always)
    func isReusable(afterResponseOf length: Int, received count: Int) -> Bool {
        parser.keepsAlive && unsentCount == 0 && length == count
    }

    /// Whether a failure means that the server has closed a persistent connection while the request was on its way to
    /// it (RFC 9112 section 9.3.1). The request has not failed then, and is retried if that is safe (RFC 9110 section
    /// 9.2.2).
    /// - Parameter isSafe: whether no byte of the request was sent, or sending it twice does no harm.
    func wasClosedMeanwhile(_ failure: ExchangeFailure, isSafe: Bool) -> Bool {
        isUsed && receivedCount == 0 && (failure.kind == .closed || failure.kind == .reset) && isSafe
    }

    /// How long the request in flight, or waiting for the connection, has waited for its response.
    func elapsed(at now: Nanoseconds) -> Elapsed {
        let isSent = state == .busy
        return Elapsed(
            sinceIntended: now &- min(intendedAt, now), sinceSent: isSent ? now &- startedAt : nil,
            sendLag: isSent ? sendLag : openLag)
    }
}
