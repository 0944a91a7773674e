import ScenarioRunner

/// A worker's sockets and readiness queue: the kernel's, or a simulation's.
///
/// Workers are generic over it and specialised at compile time, so the hot path has no dynamic calls.
protocol EngineTransport: ~Copyable {
    /// Whether connections use TLS, which may hold bytes that it has already read from the socket.
    var isEncrypted: Bool { get }
    /// The maximum number of events that a wait returns.
    var batchCapacity: Int { get }

    /// Waits for events. The heartbeat bounds the wait.
    /// - Returns: the number of events; 0 after a signal.
    func wait() -> Int
    /// Waits for events for at most `timeout`.
    func wait(atMost timeout: Nanoseconds) -> Int
    /// Collects pending events without waiting.
    func poll() -> Int
    /// An event from the latest wait or poll.
    func event(_ index: Int) -> ReadyEvent
    /// Acknowledges a heartbeat; the next follows one interval after the last.
    mutating func endHeartbeat()

    /// Opens a socket, starts connecting and watches the socket until it is closed. The socket may be open after an
    /// error.
    /// - Returns: whether it is already connected.
    func open(_ socket: inout SocketHandle, slot: Int, from source: SocketAddress?) throws(ExchangeFailure) -> Bool
    /// The result of connecting: 0, or the errno value.
    func connectError(_ socket: SocketHandle) -> Int32
    /// Continues the TLS handshake of a connected socket. Finishes immediately without TLS.
    func handshake(_ socket: UnsafeMutablePointer<SocketHandle>) -> TLSStream.Progress
    /// Returns the number of bytes sent, or the negated errno value; EAGAIN if the socket's buffer is full.
    func send(_ socket: SocketHandle, _ bytes: UnsafeRawPointer, _ count: Int) -> Int
    /// Returns the number of bytes received, 0 at the end of the stream, or the negated errno value; EAGAIN if there
    /// are none yet.
    func receive(_ socket: SocketHandle, _ buffer: UnsafeMutableRawPointer, _ capacity: Int) -> Int
    /// Like ``receive(_:_:_:)``, for a socket with receive timestamps.
    /// - Parameter arrival: set to when the last of the bytes reached the socket; unchanged if that is unknown.
    func receive(
        _ socket: SocketHandle, _ buffer: UnsafeMutableRawPointer, _ capacity: Int, arrival: inout Nanoseconds
    ) -> Int
    /// Whether the server has closed an idle connection.
    func hasEnded(_ socket: SocketHandle) -> Bool
    /// Closes the socket. The TLS session is kept for the next connection.
    func close(_ socket: inout SocketHandle)
    /// Closes the socket and frees the TLS session.
    func dispose(_ socket: inout SocketHandle)
}

/// A connection's socket: plain memory, owned by the connection's slot.
struct SocketHandle {
    /// -1 if the socket is closed.
    var descriptor: Int32 = -1
    /// OpenSSL's connection; nil without TLS, or if the socket is closed.
    var tls: OpaquePointer?
    /// The session to resume on the next connection.
    var session: OpaquePointer?
    /// Whether it belongs to the sample of sockets with receive timestamps.
    var isTimestamped = false
}

/// What a wait reports about one socket.
struct ReadyEvent {
    /// The slot number that marks a heartbeat.
    static var heartbeat: Int { -1 }

    /// The connection's slot, or ``heartbeat``.
    var slot: Int
    var isReadable: Bool
    var isWritable: Bool
    /// Whether the connection has closed or failed. There may still be bytes to read.
    var hasEnded: Bool
}
