import NIOCore

/// Who a client is to the rate limiter: its IPv4 address, or its /64 of IPv6, for a household or a server
/// has at least that many addresses to itself.
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

/// Whom a connection's requests are from: its peer, or whoever its peer says where that is a proxy of ours.
package struct ClientOrigin: Sendable {
    private let peer: ClientAddress
    /// Empty where the peer is not one of them.
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

    /// The client of a request. Each proxy appends whom it heard, so the list is walked from the right: the first
    /// that is no proxy of ours is the client, and what stands left of it is only what that client says.
    package func client(forwardedFor field: String?) -> ClientAddress {
        guard let field, !proxies.isEmpty else { return peer }
        var nearest = peer
        for entry in field.split(separator: ",").reversed() {
            guard let address = Self.address(of: entry.trimmingSpaces()) else { break }
            nearest = ClientAddress(address)
            guard proxies.contains(where: { $0.contains(address) }) else { break }
        }
        return nearest
    }

    /// The address of an entry, without the port that some proxies add: `192.0.2.1:80`, `[2001:db8::1]:80`.
    private static func address(of entry: Substring) -> IPAddress? {
        if entry.first == "[", let end = entry.firstIndex(of: "]") {
            return IPAddress(String(entry[..<end].dropFirst()))
        }
        let parts = entry.split(separator: ":", omittingEmptySubsequences: false)
        return IPAddress(parts.count == 2 ? String(parts[0]) : String(entry))
    }
}
