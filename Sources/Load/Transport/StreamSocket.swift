import Glibc

/// The system calls on a TCP socket, each told as a value. Descriptors are plain numbers here: their owner is the
/// connection's slot in a worker's slab, or the scope of a setup exchange.
enum StreamSocket {
    /// A socket that has begun to connect, or has done so.
    struct Opened {
        var descriptor: Int32
        var isConnected: Bool
    }

    /// Opens a non-blocking socket and begins to connect it.
    static func open(
        to peer: borrowing SocketAddress, from source: SocketAddress?
    ) throws(ExchangeFailure) -> Opened {
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(peer.family, kind, 0)
        guard descriptor >= 0 else { throw ExchangeFailure(code: errno, during: "socket") }
        if peer.family != AF_UNIX { set(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY) }
        if let source, source.family == peer.family {
            // The port is chosen at connect(), where it need only be free towards that peer.
            set(descriptor, Int32(IPPROTO_IP), IP_BIND_ADDRESS_NO_PORT)
            guard source.withSockaddr({ bind(descriptor, $0, $1) }) == 0 else {
                throw closing(descriptor, code: errno, during: "bind")
            }
        }
        if peer.withSockaddr({ connect(descriptor, $0, $1) }) == 0 {
            return Opened(descriptor: descriptor, isConnected: true)
        }
        // Interrupted or not, the connection goes on being made.
        guard errno == EINPROGRESS || errno == EINTR else {
            throw closing(descriptor, code: errno, during: "connect")
        }
        return Opened(descriptor: descriptor, isConnected: false)
    }

    /// What has become of a connection that was being made: 0, or the error's number.
    static func pendingError(_ descriptor: Int32) -> Int32 {
        var code: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length) == 0 else { return errno }
        return code
    }

    /// Bytes sent, or the error's number negated; EAGAIN where the socket's buffer is full.
    @inline(__always)
    static func send(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
        while true {
            let sent = Glibc.send(descriptor, bytes, count, Int32(MSG_NOSIGNAL))
            if sent >= 0 { return sent }
            if errno != EINTR { return -Int(errno) }
        }
    }

    /// Bytes received, 0 at the end of the stream, or the error's number negated; EAGAIN where there are none yet.
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
