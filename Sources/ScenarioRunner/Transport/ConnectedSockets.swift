import Glibc
import Scenario
import SystemPackage

/// Opens many TCP connections and waits until all of them are established.
enum ConnectedSockets {
    /// Resolves a host to all of its addresses, the first to try at the front.
    typealias LookUp = (_ host: String, _ port: Int, _ family: Int32) throws(TransportError) -> [SocketAddress]

    /// - Parameters:
    ///   - bases: the destination of each connection.
    ///   - sources: the source address of each connection; nil for the system's choice.
    ///   - hosts: IP addresses to use for `host:port`.
    ///   - stopFlag: ends the wait once it is set.
    /// - Returns: connected, non-blocking descriptors, in the same order; the caller owns them.
    /// - Throws: if one cannot be opened within `timeout`; the others are closed.
    static func open(
        to bases: [BaseURL], from sources: [SourceAddress?], timeout: Duration, _ hosts: [String: String] = [:],
        until stopFlag: StopFlag? = nil, lookUp: LookUp = SocketAddress.all
    ) throws(TransportError) -> [Int32] {
        var known: [BaseURL: [SocketAddress]] = [:]
        for (base, source) in zip(bases, sources) where known[base] == nil {
            let host = hosts["\(base.host):\(base.port)"] ?? base.host
            known[base] = try lookUp(host, base.port, source?.family(towards: host) ?? AF_UNSPEC)
        }
        let deadline = ContinuousClock.now + timeout
        let choices = known.values.map(\.count).max() ?? 0
        for choice in 0..<choices {
            let destinations = known.mapValues { $0[min(choice, $0.count - 1)] }
            do throws(TransportError) {
                return try open(to: bases, at: destinations, from: sources, deadline, stopFlag)
            } catch {
                // A server need not listen on every address of its name: localhost often has two.
                guard [.refused, .other].contains(error.code), choice < choices - 1 else { throw error }
            }
        }
        return []
    }

    private static func open(
        to bases: [BaseURL], at destinations: [BaseURL: SocketAddress], from sources: [SourceAddress?],
        _ deadline: ContinuousClock.Instant, _ stopFlag: StopFlag?
    ) throws(TransportError) -> [Int32] {
        var sockets: [Int32] = []
        do throws(TransportError) {
            for (base, source) in zip(bases, sources) {
                guard let destination = destinations[base] else { continue }
                sockets.append(try begin(to: destination, from: source, base))
            }
            try awaitAll(sockets, bases, deadline, stopFlag)
        } catch {
            for socket in sockets { close(socket) }
            throw error
        }
        return sockets
    }

    private static func begin(
        to destination: SocketAddress, from source: SourceAddress?, _ base: BaseURL
    ) throws(TransportError) -> Int32 {
        let descriptor = try unconnected(to: destination, from: source)
        if destination.withPointer({ connect(descriptor, $0, $1) }) != 0, errno != EINPROGRESS {
            let code = errno
            close(descriptor)
            throw failure(code, base)
        }
        return descriptor
    }

    /// A non-blocking socket for a destination, bound to its source address but not connected yet.
    static func unconnected(
        to destination: SocketAddress, from source: SourceAddress?
    ) throws(TransportError) -> Int32 {
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let address = try source?.address(towards: destination)
        let descriptor = socket(destination.family, type, 0)
        guard descriptor >= 0 else {
            let help = errno == EMFILE ? "raise the limit on open files: ulimit -n 65536" : nil
            throw TransportError(.other, "could not open a socket: \(String(cString: strerror(errno)))", help: help)
        }
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        // Choose the port at connect time, when the destination is known: thousands of sockets may share an address.
        setsockopt(descriptor, Int32(IPPROTO_IP), IP_BIND_ADDRESS_NO_PORT, &on, socklen_t(MemoryLayout<Int32>.size))
        if let source, let address, address.withPointer({ bind(descriptor, $0, $1) }) != 0 {
            let code = Errno(rawValue: errno)
            close(descriptor)
            throw source.failure(code)
        }
        return descriptor
    }

    private static func awaitAll(
        _ sockets: [Int32], _ bases: [BaseURL], _ deadline: ContinuousClock.Instant, _ stopFlag: StopFlag?
    ) throws(TransportError) {
        let places = Dictionary(uniqueKeysWithValues: zip(sockets, bases))
        var waiting = sockets.map { pollfd(fd: $0, events: Int16(POLLOUT), revents: 0) }
        while !waiting.isEmpty {
            if stopFlag?.isSet == true {
                throw TransportError(.stopped, "the run was stopped before all connections were open")
            }
            let left = (deadline - ContinuousClock.now).nanoseconds / 1_000_000
            guard left > 0 else {
                throw TransportError(
                    .timeout, "\(waiting.count) of \(sockets.count) connections did not open in time")
            }
            poll(&waiting, nfds_t(waiting.count), Int32(min(left, 100)))
            for entry in waiting where entry.revents != 0 {
                var code: Int32 = 0
                var length = socklen_t(MemoryLayout<Int32>.size)
                getsockopt(entry.fd, SOL_SOCKET, SO_ERROR, &code, &length)
                if code != 0, let base = places[entry.fd] { throw failure(code, base) }
            }
            waiting = waiting.filter { $0.revents == 0 }
        }
    }

    private static func failure(_ code: Int32, _ base: BaseURL) -> TransportError {
        let reason = String(cString: strerror(code))
        return code == ECONNREFUSED
            ? TransportError(
                .refused, "could not connect to \(base.text): \(reason)",
                help: "is the server running on this address?")
            : TransportError(.other, "could not connect to \(base.text): \(reason)")
    }
}
