import Glibc
import Scenario
import SystemPackage

/// Opens many TCP connections and waits until every one of them stands.
enum ConnectedSockets {
    /// - Parameters:
    ///   - bases: where each of them goes.
    ///   - addresses: what each of them is bound to; nil for the system's choice.
    ///   - hosts: IP addresses to use for `host:port`.
    /// - Returns: connected, non-blocking descriptors, in the same order; the caller owns them.
    /// - Throws: where one of them cannot be opened within `timeout`; the others are closed.
    static func open(
        to bases: [BaseURL], from addresses: [String?], timeout: Duration, _ hosts: [String: String] = [:]
    ) throws(TransportError) -> [Int32] {
        var destinations: [BaseURL: SocketAddress] = [:]
        let isBound = addresses.contains { $0 != nil }
        for base in Set(bases) {
            let host = hosts["\(base.host):\(base.port)"] ?? base.host
            destinations[base] = try .resolve(host, base.port, numeric: false, ipv4Only: isBound)
        }
        var sockets: [Int32] = []
        do throws(TransportError) {
            for (base, address) in zip(bases, addresses) {
                guard let destination = destinations[base] else { continue }
                let source: SocketAddress? =
                    if let address { try .resolve(address, 0, numeric: true, ipv4Only: false) } else { nil }
                sockets.append(try begin(to: destination, from: source, base))
            }
            try awaitAll(sockets, bases, timeout)
        } catch {
            for socket in sockets { close(socket) }
            throw error
        }
        return sockets
    }

    private static func begin(
        to destination: SocketAddress, from source: SocketAddress?, _ base: BaseURL
    ) throws(TransportError) -> Int32 {
        let descriptor: Int32
        do throws(Errno) { descriptor = try bound(family: destination.family, to: source) } catch {
            throw failure(
                error.rawValue, base,
                help: error == .tooManyOpenFiles ? "raise the limit on open files: ulimit -n 65536" : nil)
        }
        if destination.withPointer({ connect(descriptor, $0, $1) }) != 0, errno != EINPROGRESS {
            let code = errno
            close(descriptor)
            throw failure(code, base, help: nil)
        }
        return descriptor
    }

    /// A non-blocking socket that is bound to an address, but connected to nothing yet.
    static func unconnected(family: Int32, from address: String?) throws -> Int32 {
        try bound(
            family: family,
            to: address.map { try SocketAddress.resolve($0, 0, numeric: true, ipv4Only: false) })
    }

    private static func bound(family: Int32, to source: SocketAddress?) throws(Errno) -> Int32 {
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(family, type, 0)
        guard descriptor >= 0 else { throw Errno(rawValue: errno) }
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        // The port is chosen at connect, when the destination is known: thousands of sockets may share an address.
        setsockopt(descriptor, Int32(IPPROTO_IP), IP_BIND_ADDRESS_NO_PORT, &on, socklen_t(MemoryLayout<Int32>.size))
        if let source, source.withPointer({ bind(descriptor, $0, $1) }) != 0 {
            let code = errno
            close(descriptor)
            throw Errno(rawValue: code)
        }
        return descriptor
    }

    private static func awaitAll(
        _ sockets: [Int32], _ bases: [BaseURL], _ timeout: Duration
    ) throws(TransportError) {
        let places = Dictionary(uniqueKeysWithValues: zip(sockets, bases))
        var waiting = sockets.map { pollfd(fd: $0, events: Int16(POLLOUT), revents: 0) }
        let deadline = ContinuousClock.now + timeout
        while !waiting.isEmpty {
            let left = (deadline - ContinuousClock.now).nanoseconds / 1_000_000
            guard left > 0 else {
                throw TransportError(
                    .timeout, "\(waiting.count) of \(sockets.count) connections were not open in time")
            }
            poll(&waiting, nfds_t(waiting.count), Int32(min(left, 1000)))
            for entry in waiting where entry.revents != 0 {
                var code: Int32 = 0
                var length = socklen_t(MemoryLayout<Int32>.size)
                getsockopt(entry.fd, SOL_SOCKET, SO_ERROR, &code, &length)
                if code != 0, let base = places[entry.fd] { throw failure(code, base, help: nil) }
            }
            waiting = waiting.filter { $0.revents == 0 }
        }
    }

    private static func failure(_ code: Int32, _ base: BaseURL, help: String?) -> TransportError {
        let reason = String(cString: strerror(code))
        return code == ECONNREFUSED
            ? TransportError(
                .refused, "could not connect to \(base.text): \(reason)",
                help: "is the server running, on this address?")
            : TransportError(.other, "could not connect to \(base.text): \(reason)", help: help)
    }
}

/// An IP address with its port, as the system takes it.
private struct SocketAddress {
    private let bytes: [UInt8]
    let family: Int32

    static func resolve(
        _ host: String, _ port: Int, numeric: Bool, ipv4Only: Bool
    ) throws(TransportError) -> SocketAddress {
        var hints = addrinfo()
        hints.ai_family = ipv4Only ? AF_INET : AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = numeric ? AI_NUMERICHOST : 0
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, String(port), &hints, &list)
        defer { if let list { freeaddrinfo(list) } }
        guard code == 0, let first = list?.pointee, let address = first.ai_addr else {
            throw TransportError(.resolve, "could not find the host \(host): \(String(cString: gai_strerror(code)))")
        }
        return SocketAddress(
            bytes: Array(UnsafeRawBufferPointer(start: address, count: Int(first.ai_addrlen))),
            family: first.ai_family)
    }

    func withPointer(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        bytes.withUnsafeBytes { buffer in
            buffer.withMemoryRebound(to: sockaddr.self) { body($0.baseAddress!, socklen_t(bytes.count)) }
        }
    }
}
