/// Sending requests.
extension Worker where Transport: ~Copyable {
    /// Sends the step's request, or as much of it as the socket accepts.
    mutating func beginExchange(_ slot: Int, step: Int) {
        if closesUnannounced, hasEndedUnseen(slot, step: step) {
            closeConnection(slot, .closedByServer)
            openConnection(slot)
            return
        }
        connections[slot].isCounted = phases.isMeasuring || !budget.isLimited
        guard budget.begin(isMeasuring: phases.isMeasuring) else { return }
        connections[slot].beginExchange(table.steps[step], at: now)
        if let bytes = table.steps[step].request, !data.keepsCookies {
            send(slot, UnsafeRawPointer(bytes), table.steps[step].requestCount)
        } else {
            render(slot, step: step)
        }
    }

    /// Whether the server has just closed an idle connection, checked before a request that must not be sent twice. A
    /// request sent right after a response is not checked, because the close could not have been seen yet.
    private func hasEndedUnseen(_ slot: Int, step: Int) -> Bool {
        guard connections[slot].isUsed, connections[slot].isDueByClock, !table.steps[step].isIdempotent else {
            return false
        }
        return slab.hasEnded(slot)
    }

    private mutating func send(_ slot: Int, _ bytes: UnsafeRawPointer, _ count: Int) {
        if !traces.isEmpty { noteForTraces(slot, UnsafeRawBufferPointer(start: bytes, count: count)) }
        noteLag(slot)
        let code = slab.send(slot, bytes, count)
        if code < 0 { lose(slot, ExchangeFailure(stream: code, during: "send"), isUnsent: true) }
    }

    /// Records how late a request is sent. The delay since it could be sent is the generator's; the delay before is the
    /// server's.
    @inline(__always)
    private mutating func noteLag(_ slot: Int) {
        let openLag = connections[slot].openLag
        connections[slot].sendLag = now &- connections[slot].readyAt &+ openLag
        if phases.isMeasuring {
            // Rendering can delay even a request that follows a response.
            if connections[slot].isDueByClock || connections[slot].sendLag > 0 {
                recorder.record(generatorLag: connections[slot].sendLag)
            }
            if users.isOpenModel, !connections[slot].isSentAgain {
                recorder.record(serverLag: connections[slot].readyAt &- connections[slot].intendedAt &- openLag)
            }
        }
        connections[slot].noteSent()
    }

    private mutating func noteForTraces(_ slot: Int, _ request: UnsafeRawBufferPointer) {
        let (step, user) = (Int(connections[slot].step), Int(connections[slot].user))
        guard traces.notesRequest(step: step) else { return }
        traces.noteRequest(
            request, connections + slot, slot: slot, user: users[user], iteration: data.iteration(user, users[user]))
        noteRendered(slot)
    }

    /// Sends a request that is not constant.
    private mutating func render(_ slot: Int, step: Int) {
        let user = Int(connections[slot].user)
        let rendered: UserData.Rendered
        do throws(ExchangeFailure) {
            rendered = try data.render(step: step, of: table, for: user, users[user], slot: slot, clock)
        } catch {
            fail(slot, error)
            return
        }
        switch rendered {
        case .kept(let bytes, let isNew):
            if isNew { noteRendered(slot) }
            send(slot, bytes.baseAddress!, bytes.count)
        case .inOutbox:
            noteRendered(slot)
            // Sending may lose the connection and render a retry, which overwrites the outbox.
            let bytes = data.outbox
            bytes.withUnsafeBytes { source in
                if let base = source.baseAddress { send(slot, base, source.count) }
            }
            bytes.withUnsafeBytes { slab.keepRest(slot, of: $0) }
        }
    }

    /// Rendering is not part of the service time.
    private mutating func noteRendered(_ slot: Int) {
        now = clock.now()
        connections[slot].startedAt = now
    }

    /// Sends the rest of a request when the socket accepts bytes again.
    mutating func sendRest(_ slot: Int) {
        let code = slab.sendRest(slot)
        if code < 0 { lose(slot, ExchangeFailure(stream: code, during: "send")) }
    }
}
