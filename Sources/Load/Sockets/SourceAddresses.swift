import ScenarioRunner

/// The addresses that virtual users connect from.
package enum SourceAddresses: Equatable, Sendable {
    /// The address that the system chooses, the same for all users.
    case shared
    /// A separate address in 127.0.0.0/8 for each user, starting at `first`, so that a limit per address applies to
    /// each user.
    case own(first: UInt32)
    /// `count` addresses starting at `first`, assigned in turn.
    case pool(first: UInt32, count: Int)
    /// The same given address for all users.
    case fixed(SocketAddress)

    /// A random first address, so that limits still in force from an earlier run are unlikely to apply. It is at least
    /// 127.16.0.1, clear of the addresses that people give to servers.
    package static func randomFirst(using generator: inout some RandomNumberGenerator) -> UInt32 {
        UInt32.random(in: 0x7F10_0001...0x7FE0_0000, using: &generator)
    }

    /// The source address of a user; nil if the system is to choose.
    func address(user: Int) -> SocketAddress? {
        switch self {
        case .shared: nil
        case .own(let first): Self.nth(user, from: first)
        case .pool(let first, let count): Self.nth(user % max(count, 1), from: first)
        case .fixed(let address): address
        }
    }

    /// The source address of a user's setup and teardown.
    func setupAddress(user: Int) -> SourceAddress? {
        let isDemanded = if case .fixed = self { true } else { false }
        return address(user: user).map { SourceAddress($0.host, isDemanded: isDemanded) }
    }

    /// The address `index` after `first`, wrapping around within 127.0.0.1 … 127.255.255.254.
    private static func nth(_ index: Int, from first: UInt32) -> SocketAddress {
        let usable: UInt32 = 0x00FF_FFFE
        let offset = (first &- 0x7F00_0001 &+ UInt32(truncatingIfNeeded: index)) % usable
        return SocketAddress(ipv4: 0x7F00_0001 + offset, port: 0)
    }
}
