/// A server may end a connection that it has answered on at any time, and so while a request is on its way to it
/// (RFC 9112 section 9.3.1). That is no failure of the request.
extension Worker where Transport: ~Copyable {
    /// Whether that is how the request under way was lost, and it may be sent again (RFC 9110 section 9.2.2).
    func hasEndedMeanwhile(_ slot: Int, _ failure: ExchangeFailure, isUnsent: Bool) -> Bool {
        guard connections[slot].isUsed, connections[slot].receivedCount == 0 else { return false }
        guard failure.kind == .closed || failure.kind == .reset else { return false }
        return isUnsent || table.steps[Int(connections[slot].step)].isIdempotent
    }

    /// Sends the request under way once more, on a new connection; another that is lost has failed. A rendered one is
    /// written anew.
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

    /// Whether the server has ended an idle connection just now, before a request that could not be sent twice. One that
    /// follows an answer at once has nothing to see yet.
    func hasEndedUnseen(_ slot: Int, step: Int) -> Bool {
        guard connections[slot].isUsed, connections[slot].isDueByClock,
            !table.steps[step].isIdempotent
        else { return false }
        return transport.hasEnded(connections[slot].socket)
    }
}
