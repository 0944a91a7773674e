import Glibc

/// Receiving responses.
extension Worker where Transport: ~Copyable {
    /// Reads from a socket once, or until it is empty if a read filled the buffer or the connection's end was
    /// announced. The edge-triggered set reports anything that arrives later.
    mutating func receive(_ slot: Int, mayHaveEnded: Bool) {
        while connections[slot].state == .busy || connections[slot].state == .idle {
            let socket = connections[slot].socket
            let held = connections[slot].receivedCount
            let isHeld = connections[slot].received != nil
            if isHeld, held == connections[slot].receivedCapacity { growReceived(slot) }
            let target = connections[slot].received ?? inbox.baseAddress!
            let capacity = isHeld ? connections[slot].receivedCapacity - held : inbox.count
            let place = target + (isHeld ? held : 0)
            var arrival: Nanoseconds = 0
            let received =
                socket.isTimestamped
                ? transport.receive(socket, place, capacity, arrival: &arrival)
                : transport.receive(socket, place, capacity)
            if received > 0 {
                now = clock.now()
                noteArrival(arrival)
                take(slot, UnsafeMutableRawPointer(target), count: held + received, isLast: mayHaveEnded)
                // The slot has a new connection, which has reported nothing yet.
                if connections[slot].socket.descriptor != socket.descriptor { return }
                // TLS may hold more bytes that it has already read.
                if received < capacity && !mayHaveEnded && !transport.isEncrypted { return }
            } else if received == 0 {
                now = clock.now()
                noteArrival(0)
                end(slot)
                return
            } else if received == -Int(EAGAIN) {
                return
            } else {
                now = clock.now()
                lose(slot, ExchangeFailure(stream: received, during: "recv"))
                return
            }
        }
    }

    /// Processes the bytes of a response received so far, which start at `base`.
    /// - Parameter isLast: whether the server has closed the connection after these bytes.
    private mutating func take(_ slot: Int, _ base: UnsafeMutableRawPointer, count: Int, isLast: Bool) {
        guard connections[slot].state == .busy else {
            lose(slot, ExchangeFailure(.malformed(.unsolicited)))
            return
        }
        let bytes = UnsafeRawBufferPointer(start: base, count: count)
        do throws(ResponseError) {
            let head = try readHead(slot, bytes)
            switch try connections[slot].parser.advance(over: bytes.bytes) {
            case .needsMore: hold(slot, bytes)
            case .complete(let length): complete(slot, bytes, length: length, head: head, isLast: isLast)
            }
        } catch {
            fail(slot, ExchangeFailure(error))
        }
    }

    /// Recognises the head, or parses it.
    /// - Returns: the head's entry in the memo, if the response begins with these bytes and the head is stored.
    @inline(__always)
    private mutating func readHead(_ slot: Int, _ bytes: UnsafeRawBufferPointer) throws(ResponseError) -> Int? {
        guard connections[slot].parser.isFresh else { return nil }
        let step = Int(connections[slot].step)
        if let known = heads.find(step: step, in: bytes) {
            connections[slot].parser = heads.parser(known)
            return known
        }
        try connections[slot].parser.advanceHead(over: bytes.bytes)
        guard connections[slot].parser.hasHead else { return nil }
        return heads.remember(
            step: step, parser: connections[slot].parser, in: bytes,
            interest: UnsafeRawBufferPointer(table.steps[step].interest))
    }

    /// Judges and counts a complete response, and lets its user continue immediately.
    private mutating func complete(
        _ slot: Int, _ bytes: UnsafeRawBufferPointer, length: Int, head: Int?, isLast: Bool
    ) {
        let received = now
        let serviceTime = received &- connections[slot].startedAt
        if connections[slot].parser.setsCookies { takeCookies(slot, bytes) }
        let counter = counter(slot, bytes, length: length, head: head, serviceTime: serviceTime)
        if connections[slot].isCounted {
            recorder.record(
                counter, responseTime: received &- connections[slot].intendedAt, serviceTime: serviceTime,
                sendLag: connections[slot].sendLag, receiveLag: receiveLag, bytes: length, isLate: isDraining)
            recorder.record(receiveLag: receiveLag)
        }
        inFlight &-= 1
        spanResponses &+= 1
        connections[slot].state = .idle
        connections[slot].isUsed = true
        connections[slot].failuresInARow = 0
        let isReusable =
            connections[slot].parser.keepsAlive && connections[slot].unsentCount == 0
            && length == bytes.count && !isLast
        let isFollowed = length < bytes.count
        if isFollowed, connections[slot].isCounted {
            recorder.record(
                ExchangeFailure(.malformed(.unsolicited)), step: Int(connections[slot].step), elapsed: nil)
        }
        if connections[slot].received != nil { releaseReceived(slot) }
        if !isReusable { closeConnection(slot, isFollowed ? .failed(.malformed) : .closedByServer) }
        if !isDraining, advance(slot) { goOn(slot) }
    }

    /// The server has closed its side of the connection.
    private mutating func end(_ slot: Int) {
        guard connections[slot].state == .busy else {
            lose(slot, ExchangeFailure(.truncated(received: 0)))
            return
        }
        let count = connections[slot].receivedCount
        do throws(ResponseError) {
            guard case .complete(let length) = try connections[slot].parser.finish(length: count) else { return }
            let bytes = UnsafeRawBufferPointer(start: connections[slot].received, count: count)
            complete(slot, bytes, length: length, head: nil, isLast: true)
        } catch {
            lose(slot, ExchangeFailure(error))
        }
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
        if hasEndedMeanwhile(slot, failure, isUnsent: isUnsent) { sendAgain(slot) } else { fail(slot, failure) }
    }

    // MARK: Partial responses

    /// Saves the bytes of an incomplete response, because the inbox is shared by all connections.
    private mutating func hold(_ slot: Int, _ bytes: UnsafeRawBufferPointer) {
        connections[slot].receivedCount = bytes.count
        guard connections[slot].received == nil, let base = bytes.baseAddress else { return }
        // Memory is not reserved merely because a server declares a length.
        let expected = min(connections[slot].parser.expectedLength, inbox.count * 4)
        let buffer = pool.take(atLeast: max(bytes.count + 1, expected))
        buffer.base.copyMemory(from: base, byteCount: bytes.count)
        connections[slot].received = buffer.base
        connections[slot].receivedCapacity = buffer.capacity
    }

    private mutating func growReceived(_ slot: Int) {
        guard let old = connections[slot].received else { return }
        let capacity = connections[slot].receivedCapacity
        let expected = min(connections[slot].parser.expectedLength, capacity * 8)
        let buffer = pool.take(atLeast: max(capacity * 2, expected))
        buffer.base.copyMemory(from: old, byteCount: connections[slot].receivedCount)
        pool.give(BufferPool.Buffer(base: old, capacity: capacity))
        connections[slot].received = buffer.base
        connections[slot].receivedCapacity = buffer.capacity
    }

    mutating func releaseReceived(_ slot: Int) {
        if let base = connections[slot].received {
            pool.give(BufferPool.Buffer(base: base, capacity: connections[slot].receivedCapacity))
        }
        connections[slot].received = nil
        connections[slot].receivedCount = 0
    }
}
