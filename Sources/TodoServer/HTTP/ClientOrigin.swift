import NIOCore

/// Where a connection's requests come from: its peer or, behind a trusted proxy, the client that the proxy names.
package struct ClientOrigin: Sendable {
    package let peer: ClientAddress
    /// Empty if the peer is not a trusted proxy.
    private let proxies: [AddressBlock]

    package init(peer: SocketAddress?, proxies: [AddressBlock] = []) {
        guard let address = peer?.ipAddress.flatMap(IPAddress.init) else {
            self.peer = ClientAddress(key: "local")
            self.proxies = []
            return
        }
        self.peer = ClientAddress(address)
        self.proxies = proxies.contains { $0.contains(address) } ? proxies : []
    }

    /// Whether the peer is a trusted proxy, whose connections serve many clients.
    package var isProxy: Bool { !proxies.isEmpty }

    /// The client of a request.
    /// - Parameter field: `X-Forwarded-For`, with several field lines joined in order.
    package func client(forwardedFor field: String?) -> ClientAddress {
        guard let field, isProxy else { return peer }
        let client = ForwardedFor.client(of: field.utf8) { address in proxies.contains { $0.contains(address) } }
        return client.map { ClientAddress($0) } ?? peer
    }
}
