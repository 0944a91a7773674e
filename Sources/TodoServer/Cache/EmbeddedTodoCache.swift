import NIOCore
import Synchronization

/// A cache in this process's memory. Its lists are only fresh if this is the only instance.
package final class EmbeddedTodoCache: TodoCache {
    /// An abandoned write is committed within this time or never.
    private static let longestWrite = TimeAmount.seconds(8)

    private let table: Mutex<CacheTable>

    package init(lifetime: TimeAmount) {
        table = Mutex(CacheTable(lifetime: lifetime))
    }

    package func lookup(_ user: User.ID) async -> CacheLookup {
        table.withLock { $0.lookup(user, now: .now()) }
    }

    package func lease(_ user: User.ID) async -> CacheLeaseResult {
        let lease = CacheLease.random()
        return table.withLock { $0.lease(user, lease, now: .now()) } ? .taken(lease) : .blocked
    }

    package func fill(_ user: User.ID, with list: ByteBuffer, under lease: CacheLease) async -> Bool {
        table.withLock { $0.fill(user, with: list, under: lease, now: .now()) }
    }

    /// Does not block anything: ending the write cannot fail, and removes whatever was stored in the meantime.
    package func beginWrite(_ user: User.ID) async -> CacheWrite {
        CacheWrite(user: user, number: 0, tombstone: .unneeded)
    }

    package func endWrite(_ write: CacheWrite) async -> CacheFreshness {
        table.withLock { $0.invalidate(write.user, now: .now()) }
        return .certain
    }

    package func abandonWrite(_ write: CacheWrite) async {
        table.withLock { $0.block(write.user, until: .now() + Self.longestWrite) }
    }
}
