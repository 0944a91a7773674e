/// Whose requests are counted together.
package enum RateLimitKey: String, Sendable, CaseIterable {
    case ip
    case user
    /// Each user at each address.
    case ipAndUser = "ip+user"

    package func text(client: ClientAddress, user: User.ID) -> String {
        switch self {
        case .ip: client.key
        case .user: "user:\(user)"
        case .ipAndUser: "\(client.key),user:\(user)"
        }
    }
}
