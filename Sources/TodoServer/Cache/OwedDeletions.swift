import NIOCore

/// The deletions that Redis has not confirmed, as a pure value.
///
/// Any deletion removes a user's list, so one is enough for all writes of the user. A tombstone is removed by the number
/// of its own write alone, so every write whose tombstone may be in Redis is remembered.
package struct OwedDeletions {
    private struct Debt {
        var writes: [CacheWrite]
        var since: NIODeadline
    }

    /// Of one user. Older tombstones are left to expire.
    package static let maximumTombstones = 64

    private var owed: [User.ID: Debt] = [:]
    private let lifetime: TimeAmount

    /// - Parameter lifetime: how long a list from before a write can stay in Redis. Older deletions are dropped.
    package init(lifetime: TimeAmount) {
        self.lifetime = lifetime
    }

    package var isEmpty: Bool { owed.isEmpty }

    package mutating func add(_ write: CacheWrite, now: NIODeadline) {
        var writes = owed[write.user]?.writes ?? []
        // The deletion that is owed from now on removes the list, and these have nothing else to remove.
        writes.removeAll { $0.tombstone == .absent }
        if writes.count == Self.maximumTombstones { writes.removeFirst() }
        owed[write.user] = Debt(writes: writes + [write], since: now)
    }

    /// The writes whose deletion is owed for this user, oldest first.
    package func writes(of user: User.ID) -> [CacheWrite] {
        owed.isEmpty ? [] : owed[user]?.writes ?? []
    }

    /// Redis has confirmed the deletion for these writes. That for a newer write may still be owed.
    package mutating func settle(_ writes: [CacheWrite], of user: User.ID) {
        let settled = Set(writes.map(\.number))
        owed[user]?.writes.removeAll { settled.contains($0.number) }
        if owed[user]?.writes.isEmpty == true { owed[user] = nil }
    }

    /// The users for whom a deletion is still of use.
    package mutating func users(now: NIODeadline) -> [User.ID] {
        owed = owed.filter { now - $0.value.since < lifetime }
        return Array(owed.keys)
    }
}
