import NIOCore

/// A client as the rate limiter sees it: an IPv4 address, or the /64 of an IPv6 address.
///
/// A household or a server usually has at least a /64 to itself.
package struct ClientAddress: Sendable, Hashable {
    package var key: String

    package init(key: String) {
        self.key = key
    }

    package init(_ address: IPAddress) {
        if address.isIPv4 {
            let groups = (0..<4).reversed().map { String(address.low >> (8 * UInt64($0)) & 0xFF) }
            key = groups.joined(separator: ".")
        } else {
            let groups = (0..<4).reversed().map { String(address.high >> (16 * UInt64($0)) & 0xFFFF, radix: 16) }
            key = groups.joined(separator: ":") + "::/64"
        }
    }
}

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
