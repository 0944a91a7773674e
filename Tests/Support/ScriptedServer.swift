import Foundation
import Glibc
import ScenarioRunner
import Synchronization
import SystemPackage

/// A loopback server that runs a test's closure for each connection, on a thread of its own.
/// It stops and closes its connections when it is deallocated.
package final class ScriptedServer: Sendable {
    package let base: BaseURL
    private let listener: Int32
    private let log = ConnectionLog()

    package var port: UInt16 { UInt16(base.port) }
    /// The number of connections accepted.
    package var connections: Int { log.connections }
    /// The number of requests read so far.
    package var requests: Int { log.requests }
    /// The addresses of its clients, such as `127.0.0.1`.
    package var peers: Set<String> { log.peers }

    /// Listens on 127.0.0.1.
    ///
    /// - Parameter serve: called with each connection, which is closed when it returns.
    package convenience init(_ serve: @escaping @Sendable (ScriptedConnection) -> Void) throws {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let listener = try Self.listen(&address)
        try self.init(listener, "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))", serve)
    }

    /// Listens on ::1.
    package static func overIPv6(_ serve: @escaping @Sendable (ScriptedConnection) -> Void) throws -> ScriptedServer {
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_addr = in6addr_loopback
        let listener = try listen(&address)
        return try ScriptedServer(listener, "http://[::1]:\(UInt16(bigEndian: address.sin6_port))", serve)
    }

    /// Listens on a Unix socket.
    package convenience init(
        unixSocket path: String, _ serve: @escaping @Sendable (ScriptedConnection) -> Void
    ) throws {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        try self.init(try Self.listen(&address), "http://localhost", serve)
    }

    /// Responds to every request with a function of it and keeps connections open.
    package convenience init(answering answer: @escaping @Sendable (ScriptedRequest) -> ScriptedAnswer) throws {
        try self.init { connection in
            while let request = connection.read(), connection.write(answer(request).bytes) {}
        }
    }

    /// Responds to every request with the same bytes, as sent over the wire.
    package convenience init(answering text: String) throws {
        let bytes = Array(text.utf8)
        try self.init { connection in
            while connection.read() != nil, connection.write(bytes) {}
        }
    }

    private init(_ listener: Int32, _ url: String, _ serve: @escaping @Sendable (ScriptedConnection) -> Void) throws {
        guard let base = BaseURL(url) else { throw Errno.invalidArgument }
        (self.listener, self.base) = (listener, base)
        let log = log
        Thread.detachNewThread {
            // Closed by the accepting thread: otherwise its number could be reused before the next accept.
            defer { close(listener) }
            while case let descriptor = accept(listener, nil, nil), descriptor >= 0 {
                let connection = ScriptedConnection(descriptor: descriptor, log: log)
                log.open(descriptor, from: connection.peer)
                Thread.detachNewThread {
                    serve(connection)
                    log.close(descriptor)
                }
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        log.shutDown()
    }

    /// Opens a listening socket; stores its actual address, with its port.
    private static func listen<Address: SocketName>(_ address: inout Address) throws -> Int32 {
        let listener = socket(Address.family, Int32(SOCK_STREAM.rawValue), 0)
        var length = socklen_t(MemoryLayout<Address>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && Glibc.listen(listener, 1024) == 0
                    && getsockname(listener, $0, &length) == 0
            }
        }
        guard isListening else { throw Errno(rawValue: errno) }
        return listener
    }
}

private protocol SocketName {
    static var family: Int32 { get }
}

extension sockaddr_in: SocketName { fileprivate static var family: Int32 { AF_INET } }
extension sockaddr_in6: SocketName { fileprivate static var family: Int32 { AF_INET6 } }
extension sockaddr_un: SocketName { fileprivate static var family: Int32 { AF_UNIX } }

/// The connections of a scripted server, open and past.
final class ConnectionLog: Sendable {
    private struct State {
        var descriptors: Set<Int32> = []
        var peers: Set<String> = []
        var connections = 0
        var requests = 0
        var isOver = false
    }

    private let state = Mutex(State())

    var connections: Int { state.withLock { $0.connections } }
    var requests: Int { state.withLock { $0.requests } }
    var peers: Set<String> { state.withLock { $0.peers } }

    func open(_ descriptor: Int32, from peer: String) {
        state.withLock { state in
            state.connections += 1
            state.peers.insert(peer)
            state.descriptors.insert(descriptor)
            if state.isOver { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
    }

    func countRequest() { state.withLock { $0.requests += 1 } }

    func close(_ descriptor: Int32) {
        state.withLock { state in
            state.descriptors.remove(descriptor)
            _ = Glibc.close(descriptor)
        }
    }

    /// Shuts down all connections, and those still to come.
    func shutDown() {
        state.withLock { state in
            state.isOver = true
            for descriptor in state.descriptors { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
    }
}
