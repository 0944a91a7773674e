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
