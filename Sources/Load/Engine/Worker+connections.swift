import CEpoll
import Glibc
import HeapModule

/// Connections are made, end, and are made again.
extension Worker {
    /// The wait after a first failure; it doubles with each that follows.
    private static var firstBackoff: Nanoseconds { 10_000_000 }
    private static var longestBackoff: Nanoseconds { 1_000_000_000 }

    mutating func openConnection(_ slot: Int) {
        let user = Int(connections[slot].user)
        connections[slot].isDueByClock = false
        let isConnected: Bool
        do throws(ExchangeFailure) {
            let source = settings.sources.address(user: users[user].number)
            let opened = try StreamSocket.open(to: plan.target, from: source)
            connections[slot].descriptor = opened.descriptor
            connections[slot].state = .connecting
            connections[slot].startedAt = now
            isConnected = opened.isConnected
            let code = epoll.add(opened.descriptor, token: UInt64(slot))
            guard code == 0 else { throw ExchangeFailure(code: code, during: "epoll_ctl") }
        } catch {
            fail(slot, error)
            return
        }
        now = MonotonicClock.now()
        if isConnected { connected(slot) }
    }

    /// A connection that was being made is made, or not.
    mutating func finishConnecting(_ slot: Int) {
        let code = StreamSocket.pendingError(connections[slot].descriptor)
        guard code == 0 else {
            fail(slot, ExchangeFailure(code: code, during: "connect"))
            return
        }
        connected(slot)
    }

    /// The socket is connected: TLS comes first where there is any.
    private mutating func connected(_ slot: Int) {
        guard let context = plan.tls else {
            useConnection(slot)
            return
        }
        guard let tls = context.open(on: connections[slot].descriptor, resuming: connections[slot].session) else {
            fail(slot, ExchangeFailure(kind: .tls, detail: TLSError.latest))
            return
        }
        connections[slot].tls = tls
        connections[slot].state = .handshaking
        TLSSession.keep(of: tls, in: sessionPlace(slot))
        shakeHands(slot)
    }

    /// Where the slot keeps its session: the slab does not move.
    private func sessionPlace(_ slot: Int) -> UnsafeMutablePointer<OpaquePointer?> {
        let offset = MemoryLayout<Connection>.offset(of: \.session)!
        return (UnsafeMutableRawPointer(connections + slot) + offset).assumingMemoryBound(to: OpaquePointer?.self)
    }

    private mutating func shakeHands(_ slot: Int) {
        guard let tls = connections[slot].tls else { return }
        switch TLSStream.handshake(tls) {
        case .done: useConnection(slot)
        case .waiting: break
        case .failed(let failure): fail(slot, failure)
        }
    }

    private mutating func useConnection(_ slot: Int) {
        connections[slot].state = .idle
        connections[slot].readyAt = now
        perform(slot)
    }

    mutating func handle(_ event: epoll_event) {
        let slot = Int(truncatingIfNeeded: event.data.u64)
        switch connections[slot].state {
        case .connecting:
            now = MonotonicClock.now()
            finishConnecting(slot)
        case .handshaking:
            now = MonotonicClock.now()
            shakeHands(slot)
        case .closed, .idle, .busy: break
        }
        let hangup = EPOLLRDHUP.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue
        // TLS may have waited for something to read before it could write.
        if event.events & EPOLLOUT.rawValue != 0 || connections[slot].tls != nil, connections[slot].unsentCount > 0 {
            sendRest(slot)
        }
        if event.events & (EPOLLIN.rawValue | hangup) != 0 {
            receive(slot, mayHaveEnded: event.events & hangup != 0)
        }
    }

    /// The exchange under way, or the attempt to connect, has failed: it is counted, and its strand goes on after a
    /// while. In the open model a request that finds no connection has failed; in the closed model it is tried again.
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
        let failures = connections[slot].failuresInARow
        connections[slot].failuresInARow = failures + 1
        let backoff = min(Self.firstBackoff << UInt64(min(failures, 16)), Self.longestBackoff)
        wakeups.insert(Wakeup(at: now + backoff, slot: Int32(slot)))
    }

    /// Leaves the slot closed, with nothing of the old connection in it.
    mutating func closeConnection(_ slot: Int, _ reason: Reopening) {
        if let tls = connections[slot].tls { TLSStream.close(tls) }
        connections[slot].tls = nil
        if connections[slot].descriptor >= 0 {
            close(connections[slot].descriptor)
            recorder.record(reason)
        }
        connections[slot].descriptor = -1
        connections[slot].state = .closed
        connections[slot].isUsed = false
        releaseReceived(slot)
        releaseUnsent(slot)
    }
}
