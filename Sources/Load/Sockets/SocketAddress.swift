import Glibc

/// The address of a peer or a source, as the system represents it.
package struct SocketAddress: Equatable, Sendable {
    var storage: sockaddr_storage
    var length: socklen_t

    var family: Int32 { Int32(storage.ss_family) }

    /// Whether it is a loopback address: 127.0.0.0/8 or ::1.
    package var isLoopback: Bool {
        withUnsafeBytes(of: storage) { bytes in
            switch family {
            case AF_INET: bytes[4] == 127
            case AF_INET6: bytes[8..<23].allSatisfy { $0 == 0 } && bytes[23] == 1
            default: false
            }
        }
    }

    /// - Parameters:
    ///   - ipv4: the address, its first byte most significant.
    ///   - port: 0 for a source lets the system choose.
    init(ipv4: UInt32, port: UInt16) {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = ipv4.bigEndian
        storage = sockaddr_storage()
        length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutableBytes(of: &storage) { target in
            withUnsafeBytes(of: address) { target.copyMemory(from: $0) }
        }
    }

    /// The address of a unix socket.
    /// - Throws: ``LoadError/invalid(setting:reason:)`` if the path is too long.
    package init(unixSocket path: String) throws(LoadError) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw .invalid(setting: "the unix socket \(path)", reason: "its path is longer than 107 bytes")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        storage = sockaddr_storage()
        length = socklen_t(MemoryLayout<sockaddr_un>.size)
        withUnsafeMutableBytes(of: &storage) { target in
            withUnsafeBytes(of: address) { target.copyMemory(from: $0) }
        }
    }

    package static func == (one: SocketAddress, other: SocketAddress) -> Bool {
        one.length == other.length
            && withUnsafeBytes(of: one.storage) { left in
                withUnsafeBytes(of: other.storage) { left.elementsEqual($0) }
            }
    }

    private init(_ pointer: UnsafePointer<sockaddr>, length: socklen_t) {
        storage = sockaddr_storage()
        self.length = length
        withUnsafeMutableBytes(of: &storage) { target in
            target.copyMemory(from: UnsafeRawBufferPointer(start: pointer, count: Int(length)))
        }
    }

    /// A source address as written in a scenario; nil if it is not valid. The system chooses the port.
    init?(numeric text: String) {
        var hints = addrinfo()
        hints.ai_flags = AI_NUMERICHOST
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(text, "0", &hints, &list)
        defer { if let list { freeaddrinfo(list) } }
        guard code == 0, let first = list?.pointee, let address = first.ai_addr else { return nil }
        self.init(address, length: first.ai_addrlen)
    }

    func withSockaddr<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        withUnsafePointer(to: storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
        }
    }

    /// Resolves a name, once before a run. Of several addresses, the first that accepts a connection is used.
    /// - Parameter host: a name or an address; an IPv6 address may be in brackets.
    package static func resolve(host: String, port: UInt16) throws(LoadError) -> SocketAddress {
        let name = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(name, String(port), &hints, &list)
        defer { if let list { freeaddrinfo(list) } }
        let found = sequence(first: list) { $0?.pointee.ai_next }.prefix { $0 != nil }.compactMap { entry in
            entry.flatMap { entry in entry.pointee.ai_addr.map { SocketAddress($0, length: entry.pointee.ai_addrlen) } }
        }
        guard code == 0, let address = reachable(of: found) else {
            throw .unresolved(host: host, reason: String(cString: gai_strerror(code)))
        }
        return address
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
    var host: String { parts.host }

    private var parts: (host: String, port: String) {
        var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        var port = [CChar](repeating: 0, count: Int(NI_MAXSERV))
        let code = withSockaddr { pointer, length in
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
