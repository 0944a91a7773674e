import Glibc

/// One connection, from the server's side.
package struct ScriptedConnection: Sendable {
    private let descriptor: Int32
    private let log: ConnectionLog

    init(descriptor: Int32, log: ConnectionLog) {
        self.descriptor = descriptor
        self.log = log
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
            if let request = ScriptedRequest(bytes) {
                log.countRequest()
                return request
            }
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            bytes += buffer[..<count]
        }
    }

    /// The bytes that have arrived, at least one, for protocols other than HTTP; nil once the client has closed.
    package func receive() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return count > 0 ? Array(buffer[..<count]) : nil
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

    /// Makes the end of the connection abrupt: closing it sends RST.
    package func resetOnClose() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }

    /// Sends FIN but allows further reading: closing with unread data would send RST.
    package func endWriting() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// Waits until the client has closed its side.
    package func awaitEnd() {
        var byte: UInt8 = 0
        while recv(descriptor, &byte, 1, 0) > 0 {}
    }

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
        let back = ScriptedConnection(descriptor: other, log: ConnectionLog())
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
