import NIOCore

@testable import TodoServer

/// A cache with a typical mistake.
struct FaultyCache: TodoCache {
    enum Mistake: Sendable {
        /// Fills even if a write came in between.
        case ignoresLeases
        case neverFills
        case neverInvalidates
        /// Responds to a write first, and invalidates a moment later.
        case invalidatesLater
        /// Does not invalidate; the store has done so before the write.
        case leavesInvalidation
        case sharedByUsers
    }

    let cache: any TodoCache
    let mistake: Mistake

    private func key(_ user: User.ID) -> User.ID { mistake == .sharedByUsers ? 0 : user }

    func lookup(_ user: User.ID) async -> CacheLookup { await cache.lookup(key(user)) }

    func lease(_ user: User.ID) async -> CacheLeaseResult { await cache.lease(key(user)) }

    func fill(_ user: User.ID, with list: ByteBuffer, under lease: CacheLease) async -> Bool {
        switch mistake {
        case .neverFills: return true
        case .ignoresLeases:
            guard case .taken(let newer) = await cache.lease(user) else { return false }
            return await cache.fill(user, with: list, under: newer)
        default: return await cache.fill(key(user), with: list, under: lease)
        }
    }

    func beginWrite(_ user: User.ID) async -> CacheWrite { await cache.beginWrite(key(user)) }

    func endWrite(_ write: CacheWrite) async -> CacheFreshness {
        switch mistake {
        case .neverInvalidates, .leavesInvalidation: return .certain
        case .invalidatesLater:
            Task {
                try? await Task.sleep(for: .milliseconds(500))
                _ = await cache.endWrite(write)
            }
            return .certain
        default: return await cache.endWrite(write)
        }
    }

    func abandonWrite(_ write: CacheWrite) async { await cache.abandonWrite(write) }
}

extension TodoCache {
    /// Invalidates like a write, without writing.
    func invalidate(_ user: User.ID) async { _ = await endWrite(beginWrite(user)) }
}
