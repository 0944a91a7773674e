import NIOCore

/// A cache of each user's list, as the JSON array that is sent, for a bounded time.
///
/// Leases and tombstones keep it fresh. A reader that misses takes a lease before it reads the database, and can only
/// store the list while that lease is still there. A write begins by replacing the list or lease with a tombstone,
/// which blocks hits and leases. It commits, removes its tombstone, and only then is acknowledged. So a list read
/// before the commit is never served after the acknowledgement, however slow the reader is.
package protocol TodoCache: Sendable {
    func lookup(_ user: User.ID) async -> CacheLookup

    /// Takes a lease for the user's list. A later reader's lease replaces it.
    func lease(_ user: User.ID) async -> CacheLeaseResult

    /// Stores a list that was read under the lease. Returns false if the lease is gone, such as after a write.
    func fill(_ user: User.ID, with list: ByteBuffer, under lease: CacheLease) async -> Bool

    /// Blocks hits and fills of the user's list. Await it before the write.
    func beginWrite(_ user: User.ID) async -> CacheWrite

    /// Removes the list or lease, and this write's block. Await it between the commit and the acknowledgement.
    func endWrite(_ write: CacheWrite) async -> CacheFreshness

    /// Ends a write that failed but may yet be committed. The list stays blocked for as long as that can happen.
    func abandonWrite(_ write: CacheWrite) async
}
