import NIOCore

/// The latest deletion of each user that Redis has not confirmed. A value.
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

    /// The write whose deletion is not confirmed for this user.
    package func write(of user: User.ID) -> CacheWrite? {
        owed[user].map { CacheWrite(user: user, number: $0.write, tombstone: .unconfirmed) }
    }

    /// Removes a deletion that Redis has confirmed, unless a newer write has replaced it.
    package mutating func settle(_ write: CacheWrite) {
        if owed[write.user]?.write == write.number { owed[write.user] = nil }
    }

    /// Drops expired deletions and returns the rest.
    package mutating func current(now: NIODeadline) -> [CacheWrite] {
        owed = owed.filter { now - $0.value.since < lifetime }
        return owed.keys.compactMap(write(of:))
    }
}
