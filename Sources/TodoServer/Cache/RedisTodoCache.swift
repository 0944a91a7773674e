import NIOCore
import Synchronization

/// A cache in Redis, shared by all instances. See `RedisCacheValue` for the values of its keys.
package final class RedisTodoCache: TodoCache {
    /// Longer lists are not cached. Redis runs one command at a time, so others would wait behind a long reply.
    private static let maximumBytes = 4 * 1024 * 1024
    /// Maximum bytes of a list that a script returns. Lua copies them several times, so longer lists are fetched faster
    /// by a separate `GET`.
    private static let scriptBytes = 4096
    /// The lifetime of a lease: a little longer than any database read.
    private static let leaseMilliseconds: Int64 = 10_000
    /// A key that is never set.
    static let unusedKey = "todo:unused"

    let redis: RedisClient
    private let keyPrefix: String
    private let lifetimeMilliseconds: Int64
    /// Deletions to retry. Until a user's deletion succeeds, this instance does not serve their list from Redis.
    let owed: Mutex<OwedDeletions>
    let retrying = Mutex<Task<Void, Never>?>(nil)
    private let longLists = LongLists()

    /// - Parameter namespace: identifies the database. Caches of different databases can share one Redis.
    package init(redis: RedisClient, namespace: String, lifetime: TimeAmount) {
        self.redis = redis
        self.keyPrefix = "todo:list:\(namespace):"
        self.lifetimeMilliseconds = lifetime.nanoseconds / 1_000_000
        // A read from before the write can still store its list while its lease lives.
        owed = Mutex(OwedDeletions(lifetime: lifetime + .milliseconds(2 * Self.leaseMilliseconds)))
    }

    /// The key of a user's list in this Redis.
    func key(_ user: User.ID, in redis: RedisIdentity) -> String {
        String(capacity: keyPrefix.utf8.count + redis.text.utf8.count + 24) { output in
            output.append(keyPrefix)
            output.append(redis.text)
            output.append(":")
            output.appendDecimal(Int(user))
        }
    }

    // MARK: Lookup

    /// How a script looks for a list.
    enum Extent: Sendable {
        /// All of it: the fastest for a short list.
        case whole
        /// The first `scriptBytes` of it.
        case beginning

        /// Lua statements that set `list` to what they find at `KEYS[2]`. For tombstones, which are not a string, they
        /// set it to the number 0.
        var finding: String {
            let command =
                switch self {
                case .whole: "'GET', KEYS[2]"
                case .beginning: "'GETRANGE', KEYS[2], '0', '\(scriptBytes - 1)'"
                }
            return """
                local list = redis.pcall(\(command))
                if type(list) == 'table' then list = 0 end
                """
        }
    }

    /// How to look for the list of this user, as far as this instance knows its length.
    func extent(of user: User.ID) -> Extent { longLists.contains(user) ? .beginning : .whole }

    /// Appends nothing to an unused key, so that a Redis that rejects writes fails here and its list is not used.
    private static func lookupScript(_ extent: Extent) -> RedisScript {
        RedisScript(
            """
            redis.call('SETRANGE', KEYS[1], 0, '')
            \(extent.finding)
            return list
            """)
    }

    private static let wholeScript = lookupScript(.whole)
    private static let beginningScript = lookupScript(.beginning)

    package func lookup(_ user: User.ID) async -> CacheLookup {
        guard await isTrusted(user) else { return .unavailable }
        let extent = extent(of: user)
        let script = extent == .whole ? Self.wholeScript : Self.beginningScript
        let answer = await redis.evaluate(script) {
            .init(keys: Self.unusedKey, self.key(user, in: $0))
        }
        guard case .success(let reply) = answer.result else { return .unavailable }
        return await lookup(user, found: reply, extent)
    }

    /// - Parameter reply: the `list` from a script that includes the extent's `finding`.
    func lookup(_ user: User.ID, found reply: RedisReply, _ extent: Extent) async -> CacheLookup {
        switch RedisCacheValue(reply) {
        case .list(let number, let expires, let json):
            let isLong = reply.byteCount >= Self.scriptBytes
            if isLong != (extent == .beginning) { longLists.note(user, isLong: isLong) }
            if isLong, extent == .beginning { return await rest(of: number, user) }
            return hit(json, until: expires)
        case .lease(let lease): return .miss(lease)
        case .nothing, .tombstones: return .miss(nil)
        case nil: return .unavailable
        }
    }

    /// Fetches a list of which a script has returned the beginning. Another list is a miss, because it was not there
    /// when the script showed that this Redis takes writes.
    private func rest(of number: CacheLease, _ user: User.ID) async -> CacheLookup {
        let answer = await redis.send { RedisCommand("GET", .text(self.key(user, in: $0))) }
        guard case .success(let reply) = answer.result else { return .unavailable }
        guard case .list(number, let expires, let json) = RedisCacheValue(reply) else { return .miss(nil) }
        return hit(json, until: expires)
    }

    private func hit(_ json: ByteBuffer, until expires: Int64) -> CacheLookup {
        let left = min(expires - WallClock.milliseconds, lifetimeMilliseconds)
        return .hit(json, secondsLeft: max(0, (left + 999) / 1000))
    }

    // MARK: Filling

    private static let leaseScript = RedisScript(
        """
        if redis.call('TYPE', KEYS[1]).ok == 'zset' then return 0 end
        redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
        return 1
        """)

    package func lease(_ user: User.ID) async -> CacheLeaseResult {
        let lease = CacheLease.random()
        let answer = await redis.evaluate(Self.leaseScript) {
            .init(
                keys: self.key(user, in: $0), values: .text(RedisCacheValue.text(of: lease)),
                .text(String(Self.leaseMilliseconds)))
        }
        switch answer.result {
        case .success(.integer(1)): return .taken(lease)
        case .success: return .blocked
        case .failure: return .unavailable
        }
    }

    /// Compares at most the length of a lease. Tombstones are not a string and never equal a lease.
    private static let fillScript = RedisScript(
        """
        if redis.pcall('GETRANGE', KEYS[1], 0, string.len(ARGV[1])) ~= ARGV[1] then return 0 end
        redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
        return 1
        """)

    package func fill(_ user: User.ID, with list: ByteBuffer, under lease: CacheLease) async -> Bool {
        guard list.readableBytes <= Self.maximumBytes else { return false }
        let value = RedisCacheValue.bytes(
            of: list, under: lease, expires: WallClock.milliseconds + lifetimeMilliseconds)
        let answer = await redis.evaluate(Self.fillScript) { [lifetimeMilliseconds] in
            .init(
                keys: self.key(user, in: $0), values: .text(RedisCacheValue.text(of: lease)), .bytes(value),
                .text(String(lifetimeMilliseconds)))
        }
        return answer.result == .success(.integer(1))
    }
}

extension RedisReply {
    fileprivate var byteCount: Int { if case .bulk(let bytes) = self { bytes.readableBytes } else { 0 } }
}
