import Glibc

extension SocketAddress {
    /// How long a connection may take to be made before the next address is tried.
    private static var patience: Int32 { 1_000 }

    /// The first address that takes a connection, as a single run would find it: `localhost` may be two, and the server
    /// listen at one. The first of all where none does.
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
