import NIOCore

/// A write to a user's todos as the cache sees it, from before its first statement until after its commit.
package struct CacheWrite: Sendable {
    package enum Tombstone: Sendable, Equatable {
        /// The cache is in this process, so no reply can be lost.
        case unneeded
        /// This Redis has stored the tombstone and keeps it at least until the given time.
        case confirmed(by: RedisIdentity, until: NIODeadline)
        /// It was sent. Redis may have placed it, or may do so later, even after the connection has ended.
        case unconfirmed
        /// It was not sent, or Redis refused it.
        case absent

        /// What the reply says about a tombstone that was sent.
        /// - Parameter end: a Redis that has placed it keeps it at least until then.
        package init(after placing: RedisAnswer, until end: NIODeadline) {
            switch (placing.result, placing.identity) {
            case (.success(.integer(1)), let redis?): self = .confirmed(by: redis, until: end)
            case (.failure(.unavailable), _), (.failure(.refused), _): self = .absent
            default: self = .unconfirmed
            }
        }
    }

    package var user: User.ID
    /// A unique number, so that concurrent writes of one user only remove their own tombstones.
    package var number: UInt64
    package var tombstone: Tombstone

    package init(user: User.ID, number: UInt64 = .random(in: .min ... .max), tombstone: Tombstone) {
        self.user = user
        self.number = number
        self.tombstone = tombstone
    }

    /// What the result of the deletion, sent after the commit, shows about the lists that all instances serve.
    ///
    /// A Redis that has executed the deletion accepted writes at that moment, so it is the one that all instances use.
    /// Any list that it returns later was stored under a later lease, and so read after the commit.
    ///
    /// Without a reply, the tombstone still blocks lists while the connection leads to the Redis that confirmed it. If
    /// the connection has ended, Redis may have been restarted or replaced and have lost the tombstone.
    package func freshness(after deletion: RedisAnswer, now: NIODeadline) -> CacheFreshness {
        switch (deletion.result, tombstone) {
        case (.success, _): .certain
        case (.failure(.timedOut), .confirmed(let redis, let end)),
            (.failure(.unavailable), .confirmed(let redis, let end)):
            deletion.identity == redis && now < end ? .blocked : .unconfirmed
        case (.failure, _): .unconfirmed
        }
    }
}

/// What is known after a commit about the lists that all instances serve from their caches.
package enum CacheFreshness: Sendable, Equatable {
    /// No list is from before the commit.
    case certain
    /// The deletion is not confirmed, but the tombstone is, so lists come from the database. An older list can only be
    /// served if Redis also loses the tombstone during the write, or is replaced without closing its connections.
    case blocked
    /// Neither is confirmed: other instances may serve an older list for a while.
    case unconfirmed
}
