import Glibc

/// An IP address with its port, or whatever else the system connects to, as the system takes it.
struct SocketAddress {
    private let bytes: [UInt8]
    let family: Int32

    init(copying address: UnsafePointer<sockaddr>, length: Int) {
        bytes = Array(UnsafeRawBufferPointer(start: address, count: length))
        family = Int32(address.pointee.sa_family)
    }

    /// - Parameters:
    ///   - family: of which family it must be, where a name has some of each.
    ///   - isNumeric: whether the host is an address, and no name that is looked up.
    static func resolve(
        _ host: String, _ port: Int, family: Int32 = AF_UNSPEC, isNumeric: Bool = false
    ) throws(TransportError) -> SocketAddress {
        var hints = addrinfo()
        hints.ai_family = family
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = isNumeric ? AI_NUMERICHOST : 0
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, String(port), &hints, &list)
        defer { if let list { freeaddrinfo(list) } }
        guard code == 0, let first = list?.pointee, let address = first.ai_addr else {
            throw TransportError(.resolve, "could not find the host \(host): \(String(cString: gai_strerror(code)))")
        }
        return SocketAddress(copying: address, length: Int(first.ai_addrlen))
    }

    /// Whether it is in 127.0.0.0/8.
    var isIPv4Loopback: Bool {
        let place = MemoryLayout<sockaddr_in>.offset(of: \.sin_addr) ?? 0
        return family == AF_INET && bytes[place] == 127
    }

    func withPointer(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        bytes.withUnsafeBytes { buffer in
            buffer.withMemoryRebound(to: sockaddr.self) { body($0.baseAddress!, socklen_t(bytes.count)) }
        }
    }
}
