import CEpoll
import Glibc
import ScenarioRunner

/// The kernel's sockets with an epoll set, and TLS if the plan asks for it.
struct EpollTransport: EngineTransport, ~Copyable {
    private let epoll: Epoll
    private let events: UnsafeMutableBufferPointer<epoll_event>
    private let peer: SocketAddress
    private let tls: TLSContext?

    let isEncrypted: Bool
    var batchCapacity: Int { events.count }
    /// Open files that the transport itself needs.
    static var files: Int { 2 }
    /// Subtracted from a kernel timestamp to convert it to ``MonotonicClock``.
    private var wallOffset: Nanoseconds

    /// One slot in this many has receive timestamps: enough to learn how long responses wait, at almost no cost.
    private static var sampling: Int { 16 }

    /// - Parameters:
    ///   - connections: the maximum number of connections.
    ///   - interval: the time between heartbeats.
    init(to plan: LoadPlan, connections: Int, heartbeat interval: Nanoseconds) throws(LoadError) {
        epoll = try Epoll(heartbeat: interval)
        events = .allocate(capacity: min(max(connections, 1), 512))
        peer = plan.target
        tls = plan.tls
        isEncrypted = plan.tls != nil
        wallOffset = Self.wallOffset()
    }

    private static func wallOffset() -> Nanoseconds {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec) &- MonotonicClock.now()
    }

    deinit { events.deallocate() }

    @inline(__always)
    func wait() -> Int { epoll.wait(events) }

    @inline(__always)
    func wait(atMost timeout: Nanoseconds) -> Int { epoll.wait(events, timeout: timeout) }

    @inline(__always)
    func poll() -> Int { epoll.poll(events) }

    @inline(__always)
    func event(_ index: Int) -> ReadyEvent {
        let event = events[index]
        return ReadyEvent(
            slot: Int(truncatingIfNeeded: event.data.u64), isReadable: event.events & EPOLLIN.rawValue != 0,
            isWritable: event.events & EPOLLOUT.rawValue != 0,
            hasEnded: event.events & (EPOLLRDHUP.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0)
    }

    mutating func endHeartbeat() {
        epoll.endHeartbeat()
        // The wall clock is slewed continuously and occasionally set.
        wallOffset = Self.wallOffset()
    }

    func open(_ socket: inout SocketHandle, slot: Int, from source: SocketAddress?) throws(ExchangeFailure) -> Bool {
        let opened = try StreamSocket.open(to: peer, from: source)
        socket.descriptor = opened.descriptor
        socket.isTimestamped =
            slot % Self.sampling == 0 && !isEncrypted && peer.family != AF_UNIX
            && socket_timestamp_received(opened.descriptor) == 0
        let code = epoll.add(opened.descriptor, token: UInt64(slot))
        guard code == 0 else { throw ExchangeFailure(code: code, during: "epoll_ctl") }
        return opened.isConnected
    }

    func connectError(_ socket: SocketHandle) -> Int32 { StreamSocket.pendingError(socket.descriptor) }

    func handshake(_ socket: UnsafeMutablePointer<SocketHandle>) -> TLSStream.Progress {
        guard let tls else { return .done }
        if let connection = socket.pointee.tls { return TLSStream.handshake(connection) }
        guard let connection = tls.open(on: socket.pointee.descriptor, resuming: socket.pointee.session) else {
            return .failed(ExchangeFailure(kind: .tls, detail: TLSError.latest))
        }
        socket.pointee.tls = connection
        TLSSession.keep(of: connection, in: Self.sessionPlace(socket))
        return TLSStream.handshake(connection)
    }

    /// Where OpenSSL stores the session. Sockets never move, so the address stays valid.
    private static func sessionPlace(
        _ socket: UnsafeMutablePointer<SocketHandle>
    ) -> UnsafeMutablePointer<OpaquePointer?> {
        let offset = MemoryLayout<SocketHandle>.offset(of: \.session)!
        return (UnsafeMutableRawPointer(socket) + offset).assumingMemoryBound(to: OpaquePointer?.self)
    }

    @inline(__always)
    func send(_ socket: SocketHandle, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
        if let tls = socket.tls { return TLSStream.send(tls, bytes, count) }
        return StreamSocket.send(socket.descriptor, bytes, count)
    }

    @inline(__always)
    func receive(_ socket: SocketHandle, _ buffer: UnsafeMutableRawPointer, _ capacity: Int) -> Int {
        if let tls = socket.tls { return TLSStream.receive(tls, buffer, capacity) }
        return StreamSocket.receive(socket.descriptor, buffer, capacity)
    }

    func receive(
        _ socket: SocketHandle, _ buffer: UnsafeMutableRawPointer, _ capacity: Int, arrival: inout Nanoseconds
    ) -> Int {
        var time: UInt64 = 0
        while true {
            let received = socket_receive_timestamped(socket.descriptor, buffer, capacity, &time)
            if received >= 0 {
                if time > 0 { arrival = time &- wallOffset }
                return received
            }
            if errno != EINTR { return -Int(errno) }
        }
    }

    func hasEnded(_ socket: SocketHandle) -> Bool {
        // TLS has records of its own to read, so a readable socket says nothing. Only the next send or receive can
        // tell.
        guard socket.tls == nil else { return false }
        var byte: UInt8 = 0
        return recv(socket.descriptor, &byte, 1, Int32(MSG_PEEK)) == 0
    }

    func close(_ socket: inout SocketHandle) {
        if let tls = socket.tls { TLSStream.close(tls) }
        if socket.descriptor >= 0 { Glibc.close(socket.descriptor) }
        socket.tls = nil
        socket.descriptor = -1
    }

    func dispose(_ socket: inout SocketHandle) {
        close(&socket)
        if let session = socket.session { TLSSession.free(session) }
        socket.session = nil
    }
}
