import Glibc

/// Receiving responses.
extension Worker where Transport: ~Copyable {
    /// Reads from a socket once, or until it is empty if a read filled the buffer or the connection's end was
    /// announced. The edge-triggered set reports anything that arrives later.
    mutating func receive(_ slot: Int, mayHaveEnded: Bool) {
        while connections[slot].state == .busy || connections[slot].state == .idle {
            let socket = connections[slot].socket.descriptor
            let read = slab.read(slot)
            if read.result == -Int(EAGAIN) { return }
            now = clock.now()
            if read.result > 0 {
                noteArrival(read.arrival)
                take(slot, read.bytes, isLast: mayHaveEnded)
                // The slot has a new connection, which has reported nothing yet.
                if connections[slot].socket.descriptor != socket { return }
                if !read.mayHaveMore && !mayHaveEnded { return }
            } else if read.result == 0 {
                noteArrival(0)
                end(slot)
                return
            } else {
                lose(slot, ExchangeFailure(stream: read.result, during: "recv"))
                return
            }
        }
    }

    /// - Parameter arrival: when the bytes just read arrived; 0 if that is unknown.
    @inline(__always)
    private mutating func noteArrival(_ arrival: Nanoseconds) {
        receiveLag.read(at: now, arrival: arrival)
        guard now >= phases.nextChange else { return }
        // A response after the end of a second, or of the measurement, must not count towards it. Its time of arrival
        // stays the same whatever is sent first.
        let instant = now
        keepSchedule()
        now = instant
    }

    /// Processes the bytes of a response received so far.
    /// - Parameter isLast: whether the server has closed the connection after these bytes.
    private mutating func take(_ slot: Int, _ bytes: UnsafeRawBufferPointer, isLast: Bool) {
        guard connections[slot].state == .busy else {
            lose(slot, ExchangeFailure(.malformed(.unsolicited)))
            return
        }
        let connection = connections + slot
        let step = Int(connection.pointee.step)
        do throws(ResponseError) {
            let head = try judge.readHead(
                &connection.pointee.parser, step: step, in: bytes, interest: table.steps[step].interest)
            switch try connection.pointee.parser.advance(over: bytes.bytes) {
            case .needsMore: slab.hold(slot, bytes)
            case .complete(let length): complete(slot, bytes, length: length, head: head, isLast: isLast)
            }
        } catch {
            fail(slot, ExchangeFailure(error))
        }
    }

    /// Judges and counts a complete response, and lets its user continue immediately.
    private mutating func complete(
        _ slot: Int, _ bytes: UnsafeRawBufferPointer, length: Int, head: Int?, isLast: Bool
    ) {
        let received = now
        let serviceTime = received &- connections[slot].startedAt
        let (user, step) = (Int(connections[slot].user), Int(connections[slot].step))
        if connections[slot].parser.setsCookies {
            let parser = connections[slot].parser
            data.takeCookies(bytes[parser.headStart..<parser.bodyStart], step: step, for: user, slot: slot, clock)
        }
        let response = RememberedJudge.Response(
            connection: connections + slot, bytes: bytes, length: length, head: head, serviceTime: serviceTime)
        var wasEvaluated = false
        let counter = judge.counter(
            of: response, in: table, user: users[user], data: &data, recorder: &recorder,
            wasEvaluated: &wasEvaluated)
        // Evaluating takes long, so the next request is sent noticeably after this response arrived.
        if wasEvaluated { now = clock.now() }
        if connections[slot].isCounted {
            recorder.record(
                counter, responseTime: received &- connections[slot].intendedAt, serviceTime: serviceTime,
                sendLag: connections[slot].sendLag, receiveLag: receiveLag.latest, bytes: length,
                isLate: phases.isDraining)
            recorder.record(receiveLag: receiveLag.latest)
        }
        if !traces.isEmpty {
            let classes = recorder.counters[Int(counter)].key.verdict.classes
            traces.record(response, slot: slot, at: received, classes: classes, user: users[user])
        }
        budget.end()
        waiting.noteResponse()
        let wait = waitsWhenDenied ? noteAdmission(response, at: received) : nil
        let isReusable = connections[slot].isReusable(afterResponseOf: length, received: bytes.count) && !isLast
        connections[slot].endExchange()
        let isFollowed = length < bytes.count
        if isFollowed, connections[slot].isCounted {
            recorder.record(ExchangeFailure(.malformed(.unsolicited)), step: step, elapsed: nil)
        }
        if connections[slot].received != nil { slab.releaseReceived(slot) }
        if !isReusable { closeConnection(slot, isFollowed ? .failed(.malformed) : .closedByServer) }
        if phases.isDraining { return }
        if let wait { users.wake(slot, at: now &+ wait) } else if advance(slot) { goOn(slot) }
    }

    /// The server has closed its side of the connection.
    private mutating func end(_ slot: Int) {
        guard connections[slot].state == .busy else {
            lose(slot, ExchangeFailure(.truncated(received: 0)))
            return
        }
        let bytes = slab.held(slot)
        do throws(ResponseError) {
            guard case .complete(let length) = try connections[slot].parser.finish(length: bytes.count) else { return }
            complete(slot, bytes, length: length, head: nil, isLast: true)
        } catch {
            lose(slot, ExchangeFailure(error))
        }
    }
}
