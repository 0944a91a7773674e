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
    private let connections = Connections()

    private final class Connections: Sendable {
        private let descriptors = Mutex<Set<Int32>>([])

        func open(_ descriptor: Int32) { descriptors.withLock { _ = $0.insert(descriptor) } }

        func close(_ descriptor: Int32) {
            descriptors.withLock {
                $0.remove(descriptor)
                Glibc.close(descriptor)
            }
        }

        func shutDown() {
            descriptors.withLock { for descriptor in $0 { shutdown(descriptor, Int32(SHUT_RDWR)) } }
        }
    }

    /// Listens on 127.0.0.1.
    ///
    /// - Parameter serve: called with each connection, which is closed when it returns.
    package init(_ serve: @escaping @Sendable (ScriptedConnection) -> Void) throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        guard Self.listen(listener, &address),
            let base = BaseURL("http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))")
        else { throw Errno(rawValue: errno) }
        self.base = base
        accept(serve)
    }

    /// Listens on ::1.
    package static func overIPv6(_ serve: @escaping @Sendable (ScriptedConnection) -> Void) throws -> ScriptedServer {
        let listener = socket(AF_INET6, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_addr = in6addr_loopback
        guard listen(listener, &address),
            let base = BaseURL("http://[::1]:\(UInt16(bigEndian: address.sin6_port))")
        else { throw Errno(rawValue: errno) }
        return ScriptedServer(listener, base, serve)
    }

    private init(_ listener: Int32, _ base: BaseURL, _ serve: @escaping @Sendable (ScriptedConnection) -> Void) {
        (self.listener, self.base) = (listener, base)
        accept(serve)
    }

    /// Listens on a Unix socket.
    package init(unixSocket path: String, _ serve: @escaping @Sendable (ScriptedConnection) -> Void) throws {
        listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        guard Self.listen(listener, &address), let base = BaseURL("http://localhost") else {
            throw Errno(rawValue: errno)
        }
        self.base = base
        accept(serve)
    }

    /// Binds to the address and listens; stores the actual address, with its port.
    private static func listen<Address>(_ listener: Int32, _ address: inout Address) -> Bool {
        var length = socklen_t(MemoryLayout<Address>.size)
        return withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && Glibc.listen(listener, 1024) == 0
                    && getsockname(listener, $0, &length) == 0
            }
        }
    }

    private func accept(_ serve: @escaping @Sendable (ScriptedConnection) -> Void) {
        let (listener, connections) = (listener, connections)
        Thread.detachNewThread {
            // Closed by the accepting thread: otherwise its number could be reused before the next accept.
            defer { close(listener) }
            while case let descriptor = Glibc.accept(listener, nil, nil), descriptor >= 0 {
                connections.open(descriptor)
                Thread.detachNewThread {
                    serve(ScriptedConnection(descriptor: descriptor))
                    connections.close(descriptor)
                }
            }
        }
    }

    /// Responds to every request with a function of it and keeps connections open.
    package convenience init(answering answer: @escaping @Sendable (ScriptedRequest) -> ScriptedAnswer) throws {
        try self.init { connection in
            while let request = connection.read(), connection.write(answer(request).bytes) {}
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        connections.shutDown()
    }
}

/// A request as received by a scripted server.
package struct ScriptedRequest: Sendable {
    package var method: String
    package var target: String
    /// Keyed by lower-case name.
    package var headers: [String: String]
    package var body: [UInt8]
}

package struct ScriptedAnswer: Sendable {
    package var status: Int
    package var headers: [(String, String)]
    package var body: [UInt8]

    package init(_ status: Int, _ headers: [(String, String)] = [], body: String = "") {
        self.init(status, headers, bytes: Array(body.utf8))
    }

    package init(_ status: Int, _ headers: [(String, String)] = [], bytes: [UInt8]) {
        self.status = status
        self.headers = headers
        body = bytes
    }

    package static func json(_ text: String, status: Int = 200) -> ScriptedAnswer {
        ScriptedAnswer(status, [("Content-Type", "application/json")], body: text)
    }

    /// The response as sent over the wire.
    package var bytes: [UInt8] {
        let fields = headers.map { "\($0.0): \($0.1)\r\n" }.joined()
        return Array("HTTP/1.1 \(status) X\r\n\(fields)Content-Length: \(body.count)\r\n\r\n".utf8) + body
    }
}

/// One connection, from the server's side.
package struct ScriptedConnection: Sendable {
    private let descriptor: Int32

    init(descriptor: Int32) {
        self.descriptor = descriptor
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    /// The client's address, such as `127.0.0.1`.
    package var peer: String {
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = getpeername(descriptor, $0, &length)
                _ = getnameinfo($0, length, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
            }
        }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The next request; nil once the client has closed. Pipelining is not supported.
    package func read() -> ScriptedRequest? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            if let request = ScriptedRequest(bytes) { return request }
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            bytes += buffer[..<count]
        }
    }

    /// - Returns: false if the client has closed the connection.
    @discardableResult
    package func write(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    @discardableResult
    package func write(_ text: String) -> Bool { write(Array(text.utf8)) }

    /// Waits for the client's first byte without reading it.
    /// - Returns: false if the client closed without sending any, as a probe of whether the server listens does.
    package func hasFirstByte() -> Bool {
        var byte: UInt8 = 0
        return recv(descriptor, &byte, 1, Int32(MSG_PEEK)) == 1
    }

    /// Relays data to a port on 127.0.0.1 and back until either side closes.
    ///
    /// - Parameter rewrite: maps the bytes from the client to the bytes to relay.
    package func relay(toPort port: Int, _ rewrite: (_ bytes: [UInt8]) -> [UInt8]) {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        address.sin_port = UInt16(port).bigEndian
        let other = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(other) }
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(other, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else { return }
        let back = ScriptedConnection(descriptor: other)
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        var states = [descriptor, other].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        while poll(&states, 2, -1) > 0 {
            for (index, to) in [back, self].enumerated() where states[index].revents != 0 {
                let count = recv(states[index].fd, &buffer, buffer.count, 0)
                guard count > 0 else { return }
                let bytes = Array(buffer[..<count])
                guard to.write(index == 0 ? rewrite(bytes) : bytes) else { return }
            }
        }
    }
}

extension ScriptedRequest {
    /// Nil until the request is complete.
    fileprivate init?(_ bytes: [UInt8]) {
        let end = Array("\r\n\r\n".utf8)
        guard let split = bytes.indices.first(where: { bytes[$0...].starts(with: end) }) else { return nil }
        let lines = String(decoding: bytes[..<split], as: UTF8.self).components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ")
        guard words.count == 3 else { return nil }
        method = String(words[0])
        target = String(words[1])
        headers = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            headers[line[..<colon].lowercased()] = value
        }
        let length = Int(headers["content-length"] ?? "0") ?? 0
        body = Array(bytes[(split + 4)...])
        guard body.count >= length else { return nil }
    }
}
