import Glibc
import ScenarioRunner

/// The connections of one thread, the transport that they use, and the buffers for data that is not complete.
///
/// Memory for the maximum is reserved from the start and does not move. Unused memory costs nothing.
struct ConnectionSlab<Transport: EngineTransport & ~Copyable>: ~Copyable {
    let slots: UnsafeMutablePointer<Connection>
    /// The number of slots in use.
    private(set) var count = 0
    private(set) var transport: Transport
    /// Where responses are received first. One that arrives whole is never copied.
    private let inbox: UnsafeMutableRawBufferPointer
    private var pool = BufferPool()

    private static var inboxCapacity: Int { 64 * 1024 }

    init(capacity: Int, transport: consuming Transport) {
        self.transport = transport
        slots = .allocate(capacity: max(capacity, 1))
        inbox = .allocate(byteCount: Self.inboxCapacity, alignment: 64)
    }

    deinit {
        for slot in 0..<count {
            transport.dispose(&slots[slot].socket)
            slots[slot].received?.deallocate()
            slots[slot].outgoing?.deallocate()
        }
        slots.deallocate()
        inbox.deallocate()
    }

    /// Adds a closed connection.
    mutating func add(_ connection: Connection) {
        (slots + count).initialize(to: connection)
        count += 1
    }

    // MARK: Opening and closing

    /// Starts to connect.
    /// - Returns: whether the socket is already connected.
    func open(_ slot: Int, from source: SocketAddress?, at now: Nanoseconds) throws(ExchangeFailure) -> Bool {
        slots[slot].state = .connecting
        slots[slot].startedAt = now
        return try transport.open(&slots[slot].socket, slot: slot, from: source)
    }

    /// Why a connection attempt failed; nil if it succeeded.
    func connectFailure(_ slot: Int) -> ExchangeFailure? {
        let code = transport.connectError(slots[slot].socket)
        return code == 0 ? nil : ExchangeFailure(code: code, during: "connect")
    }

    /// Begins or continues the TLS handshake. Finishes immediately without TLS.
    func handshake(_ slot: Int) -> TLSStream.Progress {
        slots[slot].state = .handshaking
        return transport.handshake(&slots[slot].socket)
    }

    /// Whether the server has closed an idle connection.
    func hasEnded(_ slot: Int) -> Bool { transport.hasEnded(slots[slot].socket) }

    /// Closes the slot's connection and drops everything that belonged to it.
    /// - Returns: whether a socket was open.
    mutating func close(_ slot: Int) -> Bool {
        let wasOpen = slots[slot].socket.descriptor >= 0
        transport.close(&slots[slot].socket)
        slots[slot].state = .closed
        slots[slot].isUsed = false
        releaseReceived(slot)
        releaseUnsent(slot)
        return wasOpen
    }

    mutating func endHeartbeat() { transport.endHeartbeat() }

    // MARK: Sending

    /// Sends a request, or as much of it as the socket accepts. The bytes must stay where they are until all are sent.
    /// - Returns: 0, or the negated errno value.
    @inline(__always)
    func send(_ slot: Int, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
        let sent = transport.send(slots[slot].socket, bytes, count)
        if sent == count { return 0 }
        guard sent >= 0 || sent == -Int(EAGAIN) else { return sent }
        let done = max(sent, 0)
        slots[slot].unsent = bytes + done
        slots[slot].unsentCount = count - done
        return 0
    }

    /// Sends the rest of a request, or as much of it as the socket accepts.
    /// - Returns: 0, or the negated errno value.
    mutating func sendRest(_ slot: Int) -> Int {
        while let bytes = slots[slot].unsent, slots[slot].unsentCount > 0 {
            let sent = transport.send(slots[slot].socket, bytes, slots[slot].unsentCount)
            if sent == -Int(EAGAIN) { return 0 }
            guard sent >= 0 else { return sent }
            slots[slot].unsent = bytes + sent
            slots[slot].unsentCount -= sent
        }
        releaseUnsent(slot)
        return 0
    }

    /// Moves the unsent rest of a request to a buffer that the slot owns.
    mutating func keepRest(_ slot: Int, of request: UnsafeRawBufferPointer) {
        // A retry that was sent immediately on a new connection already has a buffer.
        guard slots[slot].unsentCount > 0, slots[slot].outgoing == nil else { return }
        let rest = slots[slot].unsentCount
        let buffer = pool.take(atLeast: rest)
        buffer.base.copyMemory(from: request.baseAddress! + (request.count - rest), byteCount: rest)
        slots[slot].outgoing = buffer.base
        slots[slot].outgoingCapacity = buffer.capacity
        slots[slot].unsent = UnsafeRawPointer(buffer.base)
    }

    private mutating func releaseUnsent(_ slot: Int) {
        if let base = slots[slot].outgoing {
            pool.give(BufferPool.Buffer(base: base, capacity: slots[slot].outgoingCapacity))
        }
        slots[slot].outgoing = nil
        slots[slot].unsent = nil
        slots[slot].unsentCount = 0
    }

    // MARK: Receiving

    /// What a read returned.
    struct Read {
        /// The number of bytes read, 0 at the end of the stream, or the negated errno value.
        var result: Int
        /// All bytes received of the response, starting at its first byte. Valid until the next read.
        var bytes: UnsafeRawBufferPointer
        /// When the last of them reached the socket; 0 if that is unknown.
        var arrival: Nanoseconds
        /// Whether the socket may hold more.
        var mayHaveMore: Bool
    }

    /// Reads from a socket once.
    @inline(__always)
    mutating func read(_ slot: Int) -> Read {
        let held = slots[slot].receivedCount
        let isHeld = slots[slot].received != nil
        if isHeld, held == slots[slot].receivedCapacity { growReceived(slot) }
        let target = slots[slot].received ?? inbox.baseAddress!
        let capacity = isHeld ? slots[slot].receivedCapacity - held : inbox.count
        let place = target + (isHeld ? held : 0)
        var arrival: Nanoseconds = 0
        let received =
            slots[slot].socket.isTimestamped
            ? transport.receive(slots[slot].socket, place, capacity, arrival: &arrival)
            : transport.receive(slots[slot].socket, place, capacity)
        return Read(
            result: received, bytes: UnsafeRawBufferPointer(start: target, count: held + max(received, 0)),
            // TLS may hold more bytes that it has already read.
            arrival: arrival, mayHaveMore: received == capacity || transport.isEncrypted)
    }

    /// Saves the bytes of an incomplete response, because the inbox is shared by all connections.
    mutating func hold(_ slot: Int, _ bytes: UnsafeRawBufferPointer) {
        slots[slot].receivedCount = bytes.count
        guard slots[slot].received == nil, let base = bytes.baseAddress else { return }
        // Memory is not reserved merely because a server declares a length.
        let expected = min(slots[slot].parser.expectedLength, inbox.count * 4)
        let buffer = pool.take(atLeast: max(bytes.count + 1, expected))
        buffer.base.copyMemory(from: base, byteCount: bytes.count)
        slots[slot].received = buffer.base
        slots[slot].receivedCapacity = buffer.capacity
    }

    /// The bytes of the incomplete response.
    func held(_ slot: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: slots[slot].received, count: slots[slot].receivedCount)
    }

    private mutating func growReceived(_ slot: Int) {
        guard let old = slots[slot].received else { return }
        let capacity = slots[slot].receivedCapacity
        let expected = min(slots[slot].parser.expectedLength, capacity * 8)
        let buffer = pool.take(atLeast: max(capacity * 2, expected))
        buffer.base.copyMemory(from: old, byteCount: slots[slot].receivedCount)
        pool.give(BufferPool.Buffer(base: old, capacity: capacity))
        slots[slot].received = buffer.base
        slots[slot].receivedCapacity = buffer.capacity
    }

    /// Drops the bytes held of a response.
    @inline(__always)
    mutating func releaseReceived(_ slot: Int) {
        if let base = slots[slot].received {
            pool.give(BufferPool.Buffer(base: base, capacity: slots[slot].receivedCapacity))
        }
        slots[slot].received = nil
        slots[slot].receivedCount = 0
    }
}
