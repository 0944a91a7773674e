/// A server may close a persistent connection at any time, even while a request is on its way to it (RFC 9112 section
/// 9.3.1). The request has not failed then, and is retried if that is safe.
extension Worker where Transport: ~Copyable {
    /// Whether the request in flight was lost in that way and may be retried (RFC 9110 section 9.2.2).
    func hasEndedMeanwhile(_ slot: Int, _ failure: ExchangeFailure, isUnsent: Bool) -> Bool {
        guard connections[slot].isUsed, connections[slot].receivedCount == 0 else { return false }
        guard failure.kind == .closed || failure.kind == .reset else { return false }
        return isUnsent || table.steps[Int(connections[slot].step)].isIdempotent
    }

    /// Retries the request in flight on a new connection. If the retry is lost too, the request has failed. A request
    /// with templates is rendered again.
    mutating func sendAgain(_ slot: Int) {
        closesUnannounced = true
        if isDraining {
            recordInFlight(slot)
            inFlight &-= 1
            closeConnection(slot, .closedByServer)
            return
        }
        inFlight &-= 1
        if isLimited, connections[slot].isCounted { requestsLeft &+= 1 }
        connections[slot].isSentAgain = true
        closeConnection(slot, .closedByServer)
        openConnection(slot)
    }

    /// Whether the server has just closed an idle connection, checked before a request that must not be sent twice. A
    /// request sent right after a response is not checked, because the close could not have been seen yet.
    func hasEndedUnseen(_ slot: Int, step: Int) -> Bool {
        guard connections[slot].isUsed, connections[slot].isDueByClock,
            !table.steps[step].isIdempotent
        else { return false }
        return transport.hasEnded(connections[slot].socket)
    }
}
