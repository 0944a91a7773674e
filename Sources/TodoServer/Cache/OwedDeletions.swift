import NIOCore

/// The deletions that Redis has not confirmed, as a pure value: the last one of each user.
package struct OwedDeletions {
    private var owed: [User.ID: (write: UInt64, since: NIODeadline)] = [:]
    private let lifetime: TimeAmount

    /// - Parameter lifetime: how long a list from before a write can stay in Redis. Older deletions are dropped.
    package init(lifetime: TimeAmount) {
        self.lifetime = lifetime
    }

    package var isEmpty: Bool { owed.isEmpty }

    package mutating func add(_ write: CacheWrite, now: NIODeadline) {
        owed[write.user] = (write.number, now)
    }

    /// The write whose deletion is owed for this user.
    package func write(of user: User.ID) -> CacheWrite? {
        owed[user].map { CacheWrite(user: user, number: $0.write, tombstone: .unconfirmed) }
    }

    /// Redis has confirmed the deletion. That of a newer write may still be owed.
    package mutating func settle(_ write: CacheWrite) {
        if owed[write.user]?.write == write.number { owed[write.user] = nil }
    }

    /// Those that are still of use.
    package mutating func current(now: NIODeadline) -> [CacheWrite] {
        owed = owed.filter { now - $0.value.since < lifetime }
        return owed.keys.compactMap(write(of:))
    }
}
