import NIOCore

/// The embedded cache as a pure value: leases and lists of bounded size.
package struct CacheTable {
    private enum Entry {
        case lease(CacheLease)
        case list(ByteBuffer, expires: NIODeadline)
    }

    /// What an entry takes beside its list.
    private static let overhead = 128

    private let lifetime: TimeAmount
    private var entries: GenerationalTable<User.ID, Entry>

    /// - Parameter capacity: bytes of all lists together.
    package init(lifetime: TimeAmount, capacity: Int = 64 * 1024 * 1024) {
        self.lifetime = lifetime
        self.entries = GenerationalTable(capacity: capacity)
    }

    package mutating func lookup(_ user: User.ID, now: NIODeadline) -> CacheLookup {
        switch entries.value(for: user) {
        case .list(let list, let expires) where now < expires:
            return .hit(list, secondsLeft: ((expires - now).nanoseconds + 999_999_999) / 1_000_000_000)
        case .lease(let lease): return .miss(lease)
        case .list, nil: return .miss(nil)
        }
    }

    package mutating func lease(_ user: User.ID, _ lease: CacheLease) {
        entries.insert(.lease(lease), for: user, cost: Self.overhead)
    }

    package mutating func fill(
        _ user: User.ID, with list: ByteBuffer, under lease: CacheLease, now: NIODeadline
    ) -> Bool {
        guard case .lease(lease)? = entries.value(for: user) else { return false }
        entries.insert(
            .list(list, expires: now + lifetime), for: user, cost: list.readableBytes + Self.overhead)
        return true
    }

    package mutating func invalidate(_ user: User.ID) {
        entries.removeValue(for: user)
    }
}
