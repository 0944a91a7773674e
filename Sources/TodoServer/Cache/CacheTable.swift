import NIOCore

/// The embedded cache, as a value: leases and lists within a bounded size.
package struct CacheTable {
    private enum Entry {
        case lease(CacheLease)
        case list(ByteBuffer, expires: NIODeadline)
        /// No list is stored until this time.
        case blocked(until: NIODeadline)
    }

    /// Bytes that an entry takes in addition to its list.
    private static let overhead = 128

    private let lifetime: TimeAmount
    private var entries: GenerationalTable<User.ID, Entry>

    /// - Parameter capacity: maximum bytes of all entries together.
    package init(lifetime: TimeAmount, capacity: Int = 64 * 1024 * 1024) {
        self.lifetime = lifetime
        self.entries = GenerationalTable(capacity: capacity)
    }

    package mutating func lookup(_ user: User.ID, now: NIODeadline) -> CacheLookup {
        switch entries.value(for: user) {
        case .list(let list, let expires) where now < expires:
            return .hit(list, secondsLeft: ((expires - now).nanoseconds + 999_999_999) / 1_000_000_000)
        case .lease(let lease): return .miss(lease)
        case .list, .blocked, nil: return .miss(nil)
        }
    }

    /// - Returns: false while the user is blocked.
    @discardableResult
    package mutating func lease(_ user: User.ID, _ lease: CacheLease, now: NIODeadline) -> Bool {
        guard !isBlocked(user, now: now) else { return false }
        entries.insert(.lease(lease), for: user, cost: Self.overhead)
        return true
    }

    package mutating func fill(
        _ user: User.ID, with list: ByteBuffer, under lease: CacheLease, now: NIODeadline
    ) -> Bool {
        guard case .lease(lease)? = entries.value(for: user) else { return false }
        entries.insert(
            .list(list, expires: now + lifetime), for: user, cost: list.readableBytes + Self.overhead)
        return true
    }

    /// Removes the list or the lease. A block stays.
    package mutating func invalidate(_ user: User.ID, now: NIODeadline) {
        if !isBlocked(user, now: now) { entries.removeValue(for: user) }
    }

    /// Removes the list or the lease, and prevents the user's list from being stored until a time.
    package mutating func block(_ user: User.ID, until end: NIODeadline) {
        entries.insert(.blocked(until: end), for: user, cost: Self.overhead)
    }

    private mutating func isBlocked(_ user: User.ID, now: NIODeadline) -> Bool {
        guard case .blocked(let end)? = entries.value(for: user) else { return false }
        return now < end
    }
}
