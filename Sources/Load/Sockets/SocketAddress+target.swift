import Glibc
import ScenarioRunner

// The address of the server under load: looked up once, before the run.
extension SocketAddress {
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
        self = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                SocketAddress(copying: $0, length: MemoryLayout<sockaddr_un>.size)
            }
        }
    }

    /// Resolves a name. Of several addresses, the first that accepts a connection is used.
    /// - Parameter host: a name or an address; an IPv6 address may be in brackets.
    package static func resolve(host: String, port: UInt16) throws(LoadError) -> SocketAddress {
        let name = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        do throws(TransportError) {
            let found = try all(name, Int(port), AF_UNSPEC)
            return reachable(of: found) ?? found[0]
        } catch {
            throw .unresolved(error)
        }
    }

    /// How long to wait for a connection before the next address is tried, in milliseconds.
    private static var patience: Int32 { 1_000 }

    /// The first address that accepts a connection, as in `gauntlet run`; the first of all if none does.
    ///
    /// `localhost` may have two addresses of which the server uses only one.
    static func reachable(of addresses: [SocketAddress]) -> SocketAddress? {
        guard addresses.count > 1 else { return addresses.first }
        return addresses.first(where: \.takesConnections) ?? addresses.first
    }

    private var takesConnections: Bool {
        guard let opened = try? StreamSocket.open(to: self, from: nil) else { return false }
        defer { close(opened.descriptor) }
        guard !opened.isConnected else { return true }
        var poll = pollfd(fd: opened.descriptor, events: Int16(POLLOUT), revents: 0)
        return Glibc.poll(&poll, 1, Self.patience) == 1 && StreamSocket.pendingError(opened.descriptor) == 0
    }
}
