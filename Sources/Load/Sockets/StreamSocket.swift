import Glibc
import ScenarioRunner

/// The system calls on a TCP or unix socket, with their results as values.
///
/// Descriptors are plain numbers here. Their owner is the connection's slot in a worker's slab, or the client of a
/// setup.
enum StreamSocket {
    /// A socket that is connecting or connected.
    struct Opened {
        var descriptor: Int32
        var isConnected: Bool
    }

    /// Opens a non-blocking socket and starts connecting it.
    static func open(
        to peer: borrowing SocketAddress, from source: SocketAddress?
    ) throws(ExchangeFailure) -> Opened {
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(peer.family, kind, 0)
        guard descriptor >= 0 else { throw ExchangeFailure(code: errno, during: "socket") }
        if peer.family != AF_UNIX { set(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY) }
        if let source, source.family == peer.family {
            // The port is chosen by connect(), when it need only be free for that peer.
            set(descriptor, Int32(IPPROTO_IP), IP_BIND_ADDRESS_NO_PORT)
            guard source.withPointer({ bind(descriptor, $0, $1) }) == 0 else {
                throw closing(descriptor, code: errno, during: "bind")
            }
        }
        if peer.withPointer({ connect(descriptor, $0, $1) }) == 0 {
            return Opened(descriptor: descriptor, isConnected: true)
        }
        // The connection attempt continues even after an interruption.
        guard errno == EINPROGRESS || errno == EINTR else {
            throw closing(descriptor, code: errno, during: "connect")
        }
        return Opened(descriptor: descriptor, isConnected: false)
    }

    /// The result of a connection attempt: 0, or the errno value.
    static func pendingError(_ descriptor: Int32) -> Int32 {
        var code: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length) == 0 else { return errno }
        return code
    }

    /// Returns the number of bytes sent, or the negated errno value; EAGAIN if the socket's buffer is full.
    @inline(__always)
    static func send(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
        while true {
            let sent = Glibc.send(descriptor, bytes, count, Int32(MSG_NOSIGNAL))
            if sent >= 0 { return sent }
            if errno != EINTR { return -Int(errno) }
        }
    }

    /// Returns the number of bytes received, 0 at the end of the stream, or the negated errno value; EAGAIN if there
    /// are none yet.
    @inline(__always)
    static func receive(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer, _ capacity: Int) -> Int {
        while true {
            let received = recv(descriptor, buffer, capacity, 0)
            if received >= 0 { return received }
            if errno != EINTR { return -Int(errno) }
        }
    }

    private static func set(_ descriptor: Int32, _ level: Int32, _ option: Int32) {
        var on: Int32 = 1
        setsockopt(descriptor, level, option, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    private static func closing(_ descriptor: Int32, code: Int32, during call: StaticString) -> ExchangeFailure {
        close(descriptor)
        return ExchangeFailure(code: code, during: call)
    }
}
