import NIOCore

/// Keeps each user's list as the JSON array that is sent, for a bounded time.
///
/// Freshness rests on leases and tombstones. A reader that misses takes a lease before it reads the database, and its
/// fill counts only while that lease is still there. A write begins by removing whatever is there, and blocks hits and
/// leases until it ends; it ends after its commit, and only then it is acknowledged. So a list read before the commit can
/// never be served after the acknowledgement, however slow the reader is.
package protocol TodoCache: Sendable {
    func lookup(_ user: User.ID) async -> CacheLookup

    /// Takes the user's lease; a later reader's lease replaces it.
    func lease(_ user: User.ID) async -> CacheLeaseResult

    /// Stores a list that was read under the lease. False where the lease is gone: a write came between.
    func fill(_ user: User.ID, with list: ByteBuffer, under lease: CacheLease) async -> Bool

    /// Blocks hits and fills of the user's list. To be awaited before a write.
    func beginWrite(_ user: User.ID) async -> CacheWrite

    /// Forgets the list and the lease, and blocks no longer. To be awaited between the commit of a write and its
    /// acknowledgement.
    func endWrite(_ write: CacheWrite) async -> CacheFreshness

    /// The write failed, and may yet be committed: what was blocked stays so for as long as that may happen.
    func abandonWrite(_ write: CacheWrite) async
}

package enum CacheLeaseResult: Sendable, Equatable {
    case taken(CacheLease)
    /// A write is under way: the list may be read, and not stored.
    case blocked
    /// The cache is away.
    case unavailable
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
