import Glibc
import ScenarioRunner
import Synchronization

@testable import Load

/// A server on loopback that handles each connection as a test specifies, each in its own thread.
///
/// Reads and writes time out after `patience` seconds. The server stops when it is deallocated.
final class LoopbackServer: Sendable {
    let port: UInt16
    var address: SocketAddress { SocketAddress(ipv4: 0x7F00_0001, port: port) }

    private let listener: Int32
    private let open: Open
    private let acceptor: EngineThread<Void>

    private final class Open: Sendable {
        let descriptors = Mutex<Set<Int32>>([])
        let peers = Mutex<Set<String>>([])
        let requests = Atomic<Int>(0)
        let served = Atomic<Int>(0)
        let connections = Atomic<Int>(0)
    }

    /// The number of connections that have been handled.
    var served: Int { open.served.load(ordering: .relaxed) }
    /// The number of connections accepted.
    var connections: Int { open.connections.load(ordering: .relaxed) }
    /// The number of requests read so far.
    var requests: Int { open.requests.load(ordering: .relaxed) }
    /// The addresses of its clients, without ports.
    var peers: Set<String> { open.peers.withLock { $0 } }

    static let patience = 10

    /// - Parameter serve: called for each connection, which is closed when it returns.
    init(onIPv6: Bool = false, _ serve: @escaping @Sendable (borrowing ServedConnection) -> Void) throws {
        let (listener, port) = try onIPv6 ? Self.listenOnIPv6() : Self.listen()
        let open = Open()
        self.listener = listener
        self.port = port
        self.open = open
        acceptor = try EngineThread {
            while true {
                var peer = sockaddr_in()
                var length = socklen_t(MemoryLayout<sockaddr_in>.size)
                let descriptor = withUnsafeMutablePointer(to: &peer) { pointer in
                    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { accept(listener, $0, &length) }
                }
                guard descriptor >= 0 else { return }
                let address = UInt32(bigEndian: peer.sin_addr.s_addr)
                open.connections.add(1, ordering: .relaxed)
                open.peers.withLock { _ = $0.insert(SocketAddress(ipv4: address, port: 0).description) }
                open.descriptors.withLock { _ = $0.insert(descriptor) }
                let thread = try? EngineThread {
                    serve(ServedConnection(descriptor: descriptor) { open.requests.add(1, ordering: .relaxed) })
                    open.served.add(1, ordering: .relaxed)
                    open.descriptors.withLock { _ = $0.remove(descriptor) }
                    close(descriptor)
                }
                thread?.detach()
            }
        }
    }

    /// Responds to every request with the same text.
    convenience init(answering answer: String) throws {
        try self.init { connection in
            while connection.readRequest() != nil, connection.write(answer) {}
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        acceptor.join()
        close(listener)
        open.descriptors.withLock { for descriptor in $0 { shutdown(descriptor, Int32(SHUT_RDWR)) } }
    }

    /// A loopback port on which nothing is listening.
    static func unusedPort() throws -> UInt16 {
        let (listener, port) = try listen()
        close(listener)
        return port
    }

    /// A listening socket that accepts no connection. Except for one or two that the kernel queues, none is
    /// established.
    static func deafListener() throws -> (descriptor: Int32, address: SocketAddress) {
        let (listener, port) = try listen()
        guard Glibc.listen(listener, 0) == 0 else { throw LoadError.system(call: "listen", code: errno) }
        return (listener, SocketAddress(ipv4: 0x7F00_0001, port: port))
    }

    private static func listenOnIPv6() throws -> (Int32, UInt16) {
        let listener = socket(AF_INET6, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_addr = in6addr_loopback
        var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && Glibc.listen(listener, 16) == 0
                    && getsockname(listener, $0, &length) == 0
            }
        }
        guard isListening else { throw LoadError.system(call: "listen", code: errno) }
        return (listener, UInt16(bigEndian: address.sin6_port))
    }

    private static func listen() throws -> (Int32, UInt16) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        let address = SocketAddress(ipv4: 0x7F00_0001, port: 0)
        guard listener >= 0, address.withPointer({ bind(listener, $0, $1) }) == 0, Glibc.listen(listener, 1024) == 0
        else { throw LoadError.system(call: "listen", code: errno) }
        var bound = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &bound) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = getsockname(listener, $0, &length) }
        }
        return (listener, UInt16(bigEndian: bound.sin_port))
    }
}

/// The server's side of one connection in a test.
struct ServedConnection: ~Copyable {
    private let descriptor: Int32
    private let counted: @Sendable () -> Void

    init(descriptor: Int32, counted: @escaping @Sendable () -> Void) {
        self.descriptor = descriptor
        self.counted = counted
        var limit = timeval(tv_sec: LoopbackServer.patience, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Reads the next request with its body; nil once the client has closed. Expects no pipelining.
    func readRequest() -> String? {
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            if let whole = Self.whole(text) {
                counted()
                return String(decoding: text[..<whole], as: UTF8.self)
            }
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            text += buffer[..<count]
        }
    }

    /// Sends all of the text.
    ///
    /// - Returns: false if the client has closed the connection.
    @discardableResult
    func write(_ text: String) -> Bool { write(bytes: Array(text.utf8)) }

    @discardableResult
    func write(bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                send(descriptor, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    /// Makes close() send RST.
    func resetOnClose() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }

    /// Sends FIN but allows further reading: close() with unread data would send RST.
    func endWriting() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// Waits until the client has closed its side.
    func awaitEnd() {
        var byte: UInt8 = 0
        while recv(descriptor, &byte, 1, 0) > 0 {}
    }

    /// The length of the first request; nil while it is incomplete.
    private static func whole(_ bytes: [UInt8]) -> Int? {
        let end = Array("\r\n\r\n".utf8)
        guard let head = bytes.indices.first(where: { bytes[$0...].starts(with: end) }) else { return nil }
        let lines = String(decoding: bytes[..<head], as: UTF8.self).split(separator: "\r\n")
        if lines.contains(where: { $0.lowercased() == "transfer-encoding: chunked" }) {
            let last = Array("0\r\n\r\n".utf8)
            return bytes.indices.dropFirst(head + 4).first { bytes[$0...].starts(with: last) }.map { $0 + last.count }
        }
        let declared = lines.first { $0.lowercased().hasPrefix("content-length:") }
        let length = declared.flatMap { Int($0.drop { $0 != ":" }.dropFirst().drop { $0 == " " }) } ?? 0
        return bytes.count >= head + 4 + length ? head + 4 + length : nil
    }
}
