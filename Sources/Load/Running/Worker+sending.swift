import Glibc

/// Sending requests.
extension Worker where Transport: ~Copyable {
    /// Sends the step's request, or as much of it as the socket accepts.
    mutating func beginExchange(_ slot: Int, step: Int) {
        if closesUnannounced, hasEndedUnseen(slot, step: step) {
            closeConnection(slot, .closedByServer)
            openConnection(slot)
            return
        }
        connections[slot].isCounted = isMeasuring || !isLimited
        if isMeasuring {
            guard requestsLeft > 0 else { return }
            requestsLeft &-= 1
        }
        inFlight &+= 1
        connections[slot].state = .busy
        connections[slot].parser = ResponseParser(
            isBodiless: table.steps[step].isBodiless, limits: table.steps[step].limits)
        connections[slot].startedAt = now
        if let bytes = table.steps[step].request, !keepsCookies {
            send(slot, UnsafeRawPointer(bytes), table.steps[step].requestCount)
        } else {
            render(slot, step: step)
        }
    }

    private mutating func send(_ slot: Int, _ bytes: UnsafeRawPointer, _ count: Int) {
        noteLag(slot)
        let sent = transport.send(connections[slot].socket, bytes, count)
        if sent == count { return }
        if sent >= 0 || sent == -Int(EAGAIN) {
            let done = max(sent, 0)
            connections[slot].unsent = bytes + done
            connections[slot].unsentCount = count - done
        } else {
            lose(slot, ExchangeFailure(stream: sent, during: "send"), isUnsent: true)
        }
    }

    /// Records how late a request is sent. The delay since it could be sent is the generator's; the delay before is the
    /// server's.
    @inline(__always)
    private mutating func noteLag(_ slot: Int) {
        let openLag = connections[slot].openLag
        connections[slot].sendLag = now &- connections[slot].readyAt &+ openLag
        if isMeasuring {
            // Rendering can delay even a request that follows a response.
            if connections[slot].isDueByClock || connections[slot].sendLag > 0 {
                recorder.record(generatorLag: connections[slot].sendLag)
            }
            if arrivals != nil, !connections[slot].isSentAgain {
                recorder.record(serverLag: connections[slot].readyAt &- connections[slot].intendedAt &- openLag)
            }
        }
        connections[slot].openLag = 0
        connections[slot].isDueByClock = false
        connections[slot].isSentAgain = false
    }

    /// Rendering is not part of the service time.
    private mutating func noteRendered(_ slot: Int) {
        now = clock.now()
        connections[slot].startedAt = now
    }

    private mutating func render(_ slot: Int, step: Int) {
        guard table.steps[step].isRenderedAlways else {
            sendUserRequest(slot, step: step)
            return
        }
        let user = Int(connections[slot].user)
        do throws(ExchangeFailure) { try fillOutbox(user: user, step: step) } catch {
            fail(slot, error)
            return
        }
        noteWhereTo(slot)
        if keepsCookies { outbox.insert(cookies: cookies(of: user, for: outbox)) }
        noteRendered(slot)
        let (bytes, count) = (outbox, outbox.count)
        bytes.withUnsafeBytes { source in
            if let base = source.baseAddress { send(slot, base, count) }
        }
        // A retry that was sent immediately on a new connection already has a buffer.
        guard connections[slot].unsentCount > 0, connections[slot].outgoing == nil else { return }
        // The outbox is overwritten for the next user, so the rest moves to a buffer that the connection owns.
        let rest = connections[slot].unsentCount
        let buffer = pool.take(atLeast: rest)
        bytes.withUnsafeBytes { source in
            buffer.base.copyMemory(from: source.baseAddress! + (count - rest), byteCount: rest)
        }
        connections[slot].outgoing = buffer.base
        connections[slot].outgoingCapacity = buffer.capacity
        connections[slot].unsent = UnsafeRawPointer(buffer.base)
    }

    /// Writes a user's request to the outbox: the constant bytes, the compiled request, or the rendered template.
    private mutating func fillOutbox(user: Int, step: Int) throws(ExchangeFailure) {
        outbox.removeAll(keepingCapacity: true)
        let compiled = Int(table.steps[step].compiledRequest)
        if compiled >= 0 {
            let isWritten = slotWriter.write(
                table.compiledRequests[compiled], to: &outbox, user: users[user].number,
                iteration: users[user].iteration, values: variables.isEmpty ? [:] : variables[user].values)
            if isWritten { return }
            outbox.removeAll(keepingCapacity: true)
        }
        guard case .exchange(let request) = plan.steps[step].action else { return }
        switch request.bytes {
        case .constant(let bytes): outbox += bytes
        case .perUser(let renderer), .rendered(let renderer):
            try renderer.render(into: &outbox, iteration: iteration(user))
        }
    }

    /// Sends the request rendered earlier for the user, or renders it from the user's variables and cookies.
    private mutating func sendUserRequest(_ slot: Int, step: Int) {
        let user = Int(connections[slot].user)
        // Both versions only grow, so their sum changes whenever one of them does.
        let version = (variables.isEmpty ? 0 : variables[user].version) &+ cookieVersion(user)
        if let known = requests.bytes(user: user, step: step, version: version) {
            send(slot, known.baseAddress!, known.count)
            return
        }
        do throws(ExchangeFailure) { try fillOutbox(user: user, step: step) } catch {
            fail(slot, error)
            return
        }
        if keepsCookies { outbox.insert(cookies: cookies(of: user, for: outbox)) }
        let kept = requests.keep(outbox, user: user, step: step, version: version)
        noteRendered(slot)
        send(slot, kept.baseAddress!, kept.count)
    }

    /// Sends the rest of a request when the socket accepts bytes again.
    mutating func sendRest(_ slot: Int) {
        while let bytes = connections[slot].unsent, connections[slot].unsentCount > 0 {
            let sent = transport.send(connections[slot].socket, bytes, connections[slot].unsentCount)
            if sent == -Int(EAGAIN) { return }
            guard sent >= 0 else {
                lose(slot, ExchangeFailure(stream: sent, during: "send"))
                return
            }
            connections[slot].unsent = bytes + sent
            connections[slot].unsentCount -= sent
        }
        releaseUnsent(slot)
    }

    mutating func releaseUnsent(_ slot: Int) {
        if let base = connections[slot].outgoing {
            pool.give(BufferPool.Buffer(base: base, capacity: connections[slot].outgoingCapacity))
        }
        connections[slot].outgoing = nil
        connections[slot].unsent = nil
        connections[slot].unsentCount = 0
    }
}
