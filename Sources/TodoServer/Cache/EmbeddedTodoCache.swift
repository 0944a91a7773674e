import NIOCore
import Synchronization

/// Caches in this process's memory: fresh as long as this is the only instance.
package final class EmbeddedTodoCache: TodoCache {
    private let table: Mutex<CacheTable>

    package init(lifetime: TimeAmount) {
        table = Mutex(CacheTable(lifetime: lifetime))
    }

    package func lookup(_ user: User.ID) async -> CacheLookup {
        table.withLock { $0.lookup(user, now: .now()) }
    }

    package func lease(_ user: User.ID) async -> CacheLease? {
        let lease = CacheLease.random()
        table.withLock { $0.lease(user, lease) }
        return lease
    }

    package func fill(_ user: User.ID, with list: ByteBuffer, under lease: CacheLease) async -> Bool {
        table.withLock { $0.fill(user, with: list, under: lease, now: .now()) }
    }

    package func invalidate(_ user: User.ID) async {
        table.withLock { $0.invalidate(user) }
    }
}
