/// Which requests are counted together.
package enum RateLimitKey: String, Sendable, CaseIterable {
    case ip
    case user
    /// Each user at each address separately.
    case ipAndUser = "ip+user"

    package func text(client: ClientAddress, user: User.ID) -> String {
        switch self {
        case .ip: client.key
        case .user: "user:\(user)"
        case .ipAndUser: "\(client.key),user:\(user)"
        }
    }

    /// The key with its address replaced by its network: the /24 of an IPv4 address, the /48 of an IPv6 address.
    /// The user part is unchanged.
    static func coarse(_ key: String) -> String {
        let parts = key.split(separator: ",", maxSplits: 1)
        guard let address = parts.first, !address.hasPrefix("user:") else { return key }
        let rest = parts.dropFirst().map { "," + $0 }.joined()
        if address.hasSuffix("::/64") {
            return address.split(separator: ":").prefix(3).joined(separator: ":") + "::/48" + rest
        }
        guard let dot = address.lastIndex(of: ".") else { return key }
        return address[..<dot] + ".0/24" + rest
    }
}
