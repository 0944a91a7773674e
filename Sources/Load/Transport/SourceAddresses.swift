/// Which address a virtual user's connections come from.
package enum SourceAddresses: Equatable, Sendable {
    /// The one that the system chooses: all users have the same.
    case shared
    /// One in 127.0.0.0/8 for each user, from `first` on, so that a limit per address holds each user by itself.
    case own(first: UInt32)
    /// `count` of them, taken in turn.
    case pool(first: UInt32, count: Int)
    /// This one for all users.
    case fixed(SocketAddress)

    /// A first address that another run is unlikely to have used just before, whose limits may still be in force.
    /// Keeps to 127.16.0.0 and above, clear of the addresses that people give to servers.
    package static func randomFirst(using generator: inout some RandomNumberGenerator) -> UInt32 {
        UInt32.random(in: 0x7F10_0001...0x7FE0_0000, using: &generator)
    }

    /// The source of user number `user`, or nil where the system is to choose.
    func address(user: Int) -> SocketAddress? {
        switch self {
        case .shared: nil
        case .own(let first): Self.nth(user, from: first)
        case .pool(let first, let count): Self.nth(user % max(count, 1), from: first)
        case .fixed(let address): address
        }
    }

    /// Goes round within 127.0.0.1 … 127.255.255.254.
    private static func nth(_ index: Int, from first: UInt32) -> SocketAddress {
        let usable: UInt32 = 0x00FF_FFFE
        let offset = (first &- 0x7F00_0001 &+ UInt32(truncatingIfNeeded: index)) % usable
        return SocketAddress(ipv4: 0x7F00_0001 + offset, port: 0)
    }
}
