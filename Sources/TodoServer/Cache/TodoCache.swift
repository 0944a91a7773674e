import NIOCore

/// Keeps each user's list as the JSON array that is sent, for a bounded time.
///
/// Freshness rests on leases. A reader that misses takes a lease before it reads the database, and its fill counts
/// only while that lease is still there. A write commits, invalidates, and only then answers; the invalidation
/// removes the lease too. So a list read before the write can never be stored after it, however slow the reader is.
package protocol TodoCache: Sendable {
    func lookup(_ user: User.ID) async -> CacheLookup

    /// The admission of a request, and the lookup for it.
    func lookup(_ user: User.ID, besides limiter: any RateLimiter, _ key: String) async -> (Admission, CacheLookup)

    /// Takes the user's lease; a later reader's lease replaces it. Nil where the cache is away.
    func lease(_ user: User.ID) async -> CacheLease?

    /// Stores a list that was read under the lease. False where the lease is gone: a write came between.
    func fill(_ user: User.ID, with list: ByteBuffer, under lease: CacheLease) async -> Bool

    /// Forgets the list and the lease. To be awaited between the commit of a write and its answer.
    func invalidate(_ user: User.ID) async
}

extension TodoCache {
    /// One after the other, which is best where neither waits.
    package func lookup(
        _ user: User.ID, besides limiter: any RateLimiter, _ key: String
    ) async -> (Admission, CacheLookup) {
        await (limiter.admit(key), lookup(user))
    }
}

package enum CacheLookup: Sendable, Equatable {
    /// The list, and the seconds it may still be served.
    case hit(ByteBuffer, secondsLeft: Int64)
    /// No list. Where some reader has leave to fill it, its lease.
    case miss(CacheLease?)
    /// The cache is away; the database must answer.
    case unavailable
}

/// The right to fill: a number that nobody else has.
package struct CacheLease: Sendable, Hashable {
    package var number: UInt64

    package init(number: UInt64) {
        self.number = number
    }

    package static func random() -> CacheLease {
        CacheLease(number: .random(in: .min ... .max))
    }
}
