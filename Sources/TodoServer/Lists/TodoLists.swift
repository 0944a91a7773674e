import NIOCore
import Synchronization

/// Reads lists from the cache, or else from the database. Concurrent misses for one user share a read.
package final class TodoLists: Sendable {
    private enum Turn {
        case lead(SharedReads<Waiter>.ID)
        case lookAgain
        case done(Result<TodoList, any Error>)
    }

    private typealias Waiter = CheckedContinuation<Turn, Never>

    private let store: any TodoStore
    private let cache: any TodoCache
    private let reads = Mutex(SharedReads<Waiter>())

    package init(store: any TodoStore, cache: any TodoCache) {
        self.store = store
        self.cache = cache
    }

    /// The number of requests that wait for another request's read, for tests.
    var waiterCount: Int { reads.withLock(\.waiterCount) }

    /// Looks up a list in the cache. Pass the result to `list`.
    package func lookup(_ user: User.ID) async -> CacheLookup {
        await cache.lookup(user)
    }

    /// The user's list, including every write that was acknowledged before the lookup.
    package func list(of user: User.ID, _ found: CacheLookup, isSecondLook: Bool = false) async throws -> TodoList {
        switch found {
        case .hit(let json, let secondsLeft): return TodoList(json: json, origin: .cache(secondsLeft: secondsLeft))
        case .unavailable: return TodoList(json: try await read(user), origin: .bypass)
        case .miss(let lease):
            let turn = await withCheckedContinuation { waiter in
                let arrival = reads.withLock {
                    $0.arrive(waiter, for: user, seeing: lease, isSecondLook: isSecondLook)
                }
                switch arrival {
                case .join: break
                case .lead(let id): waiter.resume(returning: .lead(id))
                case .lookAgain: waiter.resume(returning: .lookAgain)
                }
            }
            switch turn {
            case .lead(let id): return try await lead(id, user)
            case .lookAgain: return try await list(of: user, lookup(user), isSecondLook: true)
            // The leader's client left before the read began, so nothing was read. Start over.
            case .done(.failure(is Abandoned)): return try await list(of: user, lookup(user))
            case .done(let result): return try result.get()
            }
        }
    }

    private func lead(_ id: SharedReads<Waiter>.ID, _ user: User.ID) async throws -> TodoList {
        // The lease must be taken before the read: see TodoCache.
        let lease = await cache.lease(user)
        reads.withLock { $0.begin(id, under: lease.lease) }
        let result: Result<TodoList, any Error>
        do {
            let json = try await Demand.$current.withValue(demand(for: id)) { try await read(user) }
            switch lease {
            case .taken(let lease):
                let isStored = await cache.fill(user, with: json, under: lease)
                result = .success(TodoList(json: json, origin: .database(isStored: isStored)))
            case .blocked: result = .success(TodoList(json: json, origin: .database(isStored: false)))
            case .unavailable: result = .success(TodoList(json: json, origin: .bypass))
            }
        } catch {
            result = .failure(error)
        }
        let shared = result.map { list in
            TodoList(json: list.json, origin: list.origin == .bypass ? .bypass : .shared)
        }
        for waiter in reads.withLock({ $0.end(id) }) { waiter.resume(returning: .done(shared)) }
        return try result.get()
    }

    /// A read is wanted as long as its leader's client is connected or other requests wait for it.
    private func demand(for id: SharedReads<Waiter>.ID) -> Demand? {
        Demand.current.map { leader in
            Demand { [self] waited in leader.isWanted(after: waited) || reads.withLock { $0.isAwaited(id) } }
        }
    }

    private func read(_ user: User.ID) async throws -> ByteBuffer {
        try await store.list(of: user)
    }
}

extension CacheLeaseResult {
    fileprivate var lease: CacheLease? { if case .taken(let lease) = self { lease } else { nil } }
}
