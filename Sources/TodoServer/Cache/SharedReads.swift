/// The reads of the database that are under way, as a pure value: who may wait for one of them instead of reading.
///
/// A read that began before a write was acknowledged may miss it, so nobody who came after that write may wait for
/// it. Two kinds of reader are safe. Who comes while the read has not begun: it will see whatever was acknowledged
/// by now. And who found, in the cache, the very lease that the read was begun under: every acknowledged write has
/// removed the lease that it found, so none came between that lease and this reader.
package struct SharedReads<Waiter> {
    package typealias ID = UInt64

    package enum Arrival: Equatable {
        /// Nothing to wait for: take a lease, say `begin`, read, and say `end`.
        case lead(ID)
        /// The waiter is kept until `end`.
        case join
        /// A read is under way, begun under a lease that this reader has not seen: it may be there by now.
        case lookAgain
    }

    private struct Read {
        var user: User.ID
        var hasBegun = false
        var lease: CacheLease?
        var waiters: [Waiter] = []
    }

    private var reads: [ID: Read] = [:]
    /// The read of each user that others may wait for.
    private var latest: [User.ID: ID] = [:]
    private var lastID: ID = 0

    package init() {}

    /// Whether anybody waits for a read that another began.
    package func isAwaited(_ id: ID) -> Bool { reads[id].map { !$0.waiters.isEmpty } ?? false }

    package var count: Int { reads.count }
    package var waiterCount: Int { reads.values.reduce(0) { $0 + $1.waiters.count } }

    /// A reader has missed.
    /// - Parameters:
    ///   - lease: what it found in the list's place.
    ///   - isSecondLook: whether it has looked again already.
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

    /// The leader has its lease, or none where the cache is away, and reads from now on.
    package mutating func begin(_ id: ID, under lease: CacheLease?) {
        reads[id]?.hasBegun = true
        reads[id]?.lease = lease
    }

    /// The read is over: those who wait for it are to be told.
    package mutating func end(_ id: ID) -> [Waiter] {
        guard let read = reads.removeValue(forKey: id) else { return [] }
        if latest[read.user] == id { latest[read.user] = nil }
        return read.waiters
    }
}
