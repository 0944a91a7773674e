/// The database reads in progress, and which readers can wait for one of them instead of reading. A value.
///
/// A read that began before a write was acknowledged may miss it, so a reader that arrives after the write must not
/// wait for that read. Two kinds of reader are safe:
/// - A reader that arrives before the read has begun. The read will see everything that was acknowledged by then.
/// - A reader that found the lease of the read in the cache. Every acknowledged write removes the lease, so no write
///   was acknowledged between that lease and this reader.
package struct SharedReads<Waiter> {
    package typealias ID = UInt64

    package enum Arrival: Equatable {
        /// No read to wait for: take a lease, call `begin`, read, and call `end`.
        case lead(ID)
        /// The waiter waits until `end` returns it.
        case join
        /// A read is in progress under a lease that this reader did not find. Look again: it may be there by now.
        case lookAgain
    }

    private struct Read {
        var user: User.ID
        var hasBegun = false
        var lease: CacheLease?
        var waiters: [Waiter] = []
    }

    private var reads: [ID: Read] = [:]
    /// The latest read of each user, which others can wait for.
    private var latest: [User.ID: ID] = [:]
    private var lastID: ID = 0

    package init() {}

    /// Whether other readers wait for this read.
    package func isAwaited(_ id: ID) -> Bool { reads[id].map { !$0.waiters.isEmpty } ?? false }

    package var count: Int { reads.count }
    package var waiterCount: Int { reads.values.reduce(0) { $0 + $1.waiters.count } }

    /// Adds a reader that missed the cache.
    /// - Parameters:
    ///   - lease: the lease that it found instead of a list.
    ///   - isSecondLook: whether it has already looked again.
    package mutating func arrive(
        _ waiter: Waiter, for user: User.ID, seeing lease: CacheLease?, isSecondLook: Bool
    ) -> Arrival {
        if let id = latest[user], let read = reads[id] {
            if !read.hasBegun || (lease != nil && lease == read.lease) {
                reads[id]?.waiters.append(waiter)
                return .join
            }
            if !isSecondLook, read.lease != nil { return .lookAgain }
        }
        lastID += 1
        reads[lastID] = Read(user: user)
        latest[user] = lastID
        return .lead(lastID)
    }

    /// The leader begins to read, under its lease if it got one.
    package mutating func begin(_ id: ID, under lease: CacheLease?) {
        reads[id]?.hasBegun = true
        reads[id]?.lease = lease
    }

    /// Ends the read and returns its waiters, which the caller must resume.
    package mutating func end(_ id: ID) -> [Waiter] {
        guard let read = reads.removeValue(forKey: id) else { return [] }
        if latest[read.user] == id { latest[read.user] = nil }
        return read.waiters
    }
}
