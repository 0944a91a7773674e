import NIOCore

/// A write of a user's todos, as the cache knows it: from before its first statement until after its commit.
package struct CacheWrite: Sendable {
    package enum Tombstone: Sendable, Equatable {
        /// The cache is this process's own: no reply of its can be lost.
        case unneeded
        /// This Redis keeps it at least until then.
        case confirmed(by: RedisIdentity, until: NIODeadline)
        case unconfirmed
    }

    package var user: User.ID
    /// A number that no other write has: concurrent writes of one user remove their own tombstones only.
    package var number: UInt64
    package var tombstone: Tombstone

    package init(user: User.ID, number: UInt64 = .random(in: .min ... .max), tombstone: Tombstone) {
        self.user = user
        self.number = number
        self.tombstone = tombstone
    }

    /// What the reply to the deletion, sent after the commit, says about the caches of all instances.
    ///
    /// A Redis that has executed the deletion accepted writes at that moment, so it is the one that all instances use.
    /// A list that it returns later was stored under a later lease, and read after the commit.
    ///
    /// Without a reply there is still the tombstone, while the connection leads to the Redis that confirmed it. If the
    /// connection has ended, Redis may have been restarted or replaced, without the tombstone.
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

/// What is known after a commit about the lists that the caches of all instances serve.
package enum CacheFreshness: Sendable, Equatable {
    /// None is from before the commit.
    case certain
    /// The deletion is not confirmed, but the tombstone is: lists come from the database. An older list can be served
    /// only if Redis also loses the tombstone during the write, or is replaced without closing its connections.
    case blocked
    /// Neither is confirmed: other instances may serve an older list for a while.
    case unconfirmed
}
