/// The sockets of one worker and its readiness queue: the kernel's, or a simulation's.
///
/// The worker is generic over it and is specialised at compile time, so that the hot path has no dynamic calls.
protocol EngineTransport: ~Copyable {
    /// Whether connections use TLS, which may hold bytes that it has already read from the socket.
    var isEncrypted: Bool { get }
    /// How many events a wait returns at most.
    var batchCapacity: Int { get }

    /// Waits for events; a heartbeat bounds the wait.
    /// - Returns: how many events there are; 0 after a signal.
    func wait() -> Int
    /// Waits for events, at most `timeout`.
    func wait(atMost timeout: Nanoseconds) -> Int
    /// Takes the events that there are, without waiting.
    func poll() -> Int
    /// An event of the latest wait or poll.
    func event(_ index: Int) -> ReadyEvent
    /// Acknowledges a heartbeat: the next one comes an interval after the last.
    mutating func endHeartbeat()

    /// Opens a socket, begins to connect it and watches it until it is closed. The socket may be open after an error.
    /// - Returns: whether it is connected already.
    func open(_ socket: inout SocketHandle, slot: Int, from source: SocketAddress?) throws(ExchangeFailure) -> Bool
    /// The result of connecting: 0, or the error's number.
    func connectError(_ socket: SocketHandle) -> Int32
    /// Continues the TLS handshake of a connected socket; done at once without TLS.
    func handshake(_ socket: UnsafeMutablePointer<SocketHandle>) -> TLSStream.Progress
    /// Bytes sent, or the error's number negated; EAGAIN when the socket's buffer is full.
    func send(_ socket: SocketHandle, _ bytes: UnsafeRawPointer, _ count: Int) -> Int
    /// Bytes received, 0 at the end of the stream, or the error's number negated; EAGAIN when there are none yet.
    func receive(_ socket: SocketHandle, _ buffer: UnsafeMutableRawPointer, _ capacity: Int) -> Int
    /// As ``receive(_:_:_:)``, from a socket that is timestamped.
    /// - Parameter arrival: set to when the last of the bytes reached the socket; unchanged if that is not known.
    func receive(
        _ socket: SocketHandle, _ buffer: UnsafeMutableRawPointer, _ capacity: Int, arrival: inout Nanoseconds
    ) -> Int
    /// Whether the server has ended an idle connection.
    func hasEnded(_ socket: SocketHandle) -> Bool
    /// Closes the socket. The TLS session stays for the next connection.
    func close(_ socket: inout SocketHandle)
    /// Closes the socket and frees the TLS session.
    func dispose(_ socket: inout SocketHandle)
}

/// A connection's socket: plain memory, owned by the connection's slot.
struct SocketHandle {
    /// -1 while it is closed.
    var descriptor: Int32 = -1
    /// OpenSSL's connection; nil without TLS, and while the socket is closed.
    var tls: OpaquePointer?
    /// The session to resume on the next connection.
    var session: OpaquePointer?
    /// Whether it is one of the sample whose bytes carry the time of their arrival.
    var isTimestamped = false
}

/// What a wait has found out about one socket.
struct ReadyEvent {
    /// The slot number of a heartbeat.
    static var heartbeat: Int { -1 }

    /// The connection's slot, or ``heartbeat``.
    var slot: Int
    var isReadable: Bool
    var isWritable: Bool
    /// Whether the connection has ended or failed; bytes may still be there to read.
    var hasEnded: Bool
}
