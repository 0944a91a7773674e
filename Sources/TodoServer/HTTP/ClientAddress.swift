import Glibc
import NIOCore

/// Who a client is to the rate limiter: its IPv4 address, or its /64 of IPv6, for a household or a server
/// has at least that many addresses to itself.
package struct ClientAddress: Sendable, Hashable {
    package var key: String

    package init(key: String) {
        self.key = key
    }

    package init(_ address: SocketAddress?) {
        guard let text = address?.ipAddress else {
            key = "local"
            return
        }
        var bytes = [UInt8](repeating: 0, count: 16)
        guard inet_pton(AF_INET6, text, &bytes) == 1 else {
            key = text
            return
        }
        // An IPv4 client of a dual-stack socket (RFC 4291 section 2.5.5.2).
        let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
        key = isMapped ? bytes[12...].map(String.init).joined(separator: ".") : Self.prefix(of: bytes)
    }

    private static func prefix(of bytes: [UInt8]) -> String {
        let groups = (0..<4).map { String(UInt16(bytes[$0 * 2]) << 8 | UInt16(bytes[$0 * 2 + 1]), radix: 16) }
        return groups.joined(separator: ":") + "::/64"
    }
}
