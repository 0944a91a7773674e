import Glibc

extension SocketAddress {
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
