import Glibc

/// A socket address in the kernel's format: an IP address with a port, or a unix socket's.
struct SocketAddress {
    private let bytes: [UInt8]
    let family: Int32

    init(copying address: UnsafePointer<sockaddr>, length: Int) {
        bytes = Array(UnsafeRawBufferPointer(start: address, count: length))
        family = Int32(address.pointee.sa_family)
    }

    /// Parses a numeric IP address.
    static func numeric(_ address: String, _ port: Int = 0) throws(TransportError) -> SocketAddress {
        try look(up: address, port, AF_UNSPEC, AI_NUMERICHOST)[0]
    }

    /// Resolves a host to all of its addresses, in the order to try them.
    ///
    /// - Parameter family: the address family to return; `AF_UNSPEC` for all.
    static func all(_ host: String, _ port: Int, _ family: Int32) throws(TransportError) -> [SocketAddress] {
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
    var isIPv4Loopback: Bool {
        let place = MemoryLayout<sockaddr_in>.offset(of: \.sin_addr) ?? 0
        return family == AF_INET && bytes[place] == 127
    }

    func withPointer(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        bytes.withUnsafeBytes { buffer in
            buffer.withMemoryRebound(to: sockaddr.self) { addresses in
                guard let address = addresses.baseAddress else { return -1 }
                return body(address, socklen_t(bytes.count))
            }
        }
    }
}
