import Glibc

/// The address of a peer or a source in the kernel's format: an IP address with a port, or a unix socket's path.
package struct SocketAddress: Equatable, Sendable {
    private var storage = sockaddr_storage()
    private let length: socklen_t

    package var family: Int32 { Int32(storage.ss_family) }

    /// - Parameter length: the address's length in bytes; at most that of `sockaddr_storage` is copied.
    package init(copying address: UnsafePointer<sockaddr>, length: Int) {
        let length = min(length, MemoryLayout<sockaddr_storage>.size)
        self.length = socklen_t(length)
        withUnsafeMutableBytes(of: &storage) {
            $0.copyMemory(from: UnsafeRawBufferPointer(start: address, count: length))
        }
    }

    /// - Parameters:
    ///   - ipv4: the address, its first byte most significant.
    ///   - port: 0 for a source lets the system choose.
    package init(ipv4: UInt32, port: UInt16) {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = ipv4.bigEndian
        length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutableBytes(of: &storage) { target in
            withUnsafeBytes(of: address) { target.copyMemory(from: $0) }
        }
    }

    /// Parses a numeric IP address.
    package static func numeric(_ address: String, _ port: Int = 0) throws(TransportError) -> SocketAddress {
        try look(up: address, port, AF_UNSPEC, AI_NUMERICHOST)[0]
    }

    /// Resolves a host to all of its addresses, in the order to try them.
    ///
    /// - Parameter family: the address family to return; `AF_UNSPEC` for all.
    package static func all(_ host: String, _ port: Int, _ family: Int32) throws(TransportError) -> [SocketAddress] {
        try look(up: host, port, family, 0)
    }

    private static func look(
        up host: String, _ port: Int, _ family: Int32, _ flags: Int32
    ) throws(TransportError) -> [SocketAddress] {
        var hints = addrinfo()
        hints.ai_family = family
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = flags
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, String(port), &hints, &list)
        defer { if let list { freeaddrinfo(list) } }
        var found: [SocketAddress] = []
        for entry in sequence(first: list, next: { $0?.pointee.ai_next }).prefix(while: { $0 != nil }) {
            guard let entry = entry?.pointee, let address = entry.ai_addr else { continue }
            found.append(SocketAddress(copying: address, length: Int(entry.ai_addrlen)))
        }
        guard code == 0, !found.isEmpty else {
            throw TransportError(.resolve, "could not resolve the host \(host): \(String(cString: gai_strerror(code)))")
        }
        return found
    }

    /// Whether the address is in 127.0.0.0/8.
    package var isIPv4Loopback: Bool {
        let place = MemoryLayout<sockaddr_in>.offset(of: \.sin_addr) ?? 0
        return family == AF_INET && withUnsafeBytes(of: storage) { $0[place] == 127 }
    }

    package func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        withUnsafePointer(to: storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
        }
    }

    package static func == (one: SocketAddress, other: SocketAddress) -> Bool {
        one.length == other.length
            && withUnsafeBytes(of: one.storage) { left in
                withUnsafeBytes(of: other.storage) { left.elementsEqual($0) }
            }
    }
}

extension SocketAddress: CustomStringConvertible {
    /// Numeric, with the port: `127.0.0.1:80` or `[::1]:80`; for a unix socket, its path.
    package var description: String {
        if family == AF_UNIX {
            return withUnsafeBytes(of: storage) { bytes in
                String(decoding: bytes[2...].prefix { $0 != 0 }, as: UTF8.self)
            }
        }
        let (host, port) = parts
        return family == AF_INET6 ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// The IP address without the port, numeric and without brackets.
    package var host: String { parts.host }

    private var parts: (host: String, port: String) {
        var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        var port = [CChar](repeating: 0, count: Int(NI_MAXSERV))
        let code = withPointer { pointer, length in
            getnameinfo(
                pointer, length, &host, socklen_t(host.count), &port, socklen_t(port.count),
                NI_NUMERICHOST | NI_NUMERICSERV)
        }
        return code == 0 ? (text(host), text(port)) : ("unknown", "unknown")
    }

    private func text(_ characters: [CChar]) -> String {
        String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
