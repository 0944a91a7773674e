import NIOCore
import Synchronization

/// Caches in Redis, for all instances. A key holds either a lease, `lease:` and a number, or a list:
/// 13 digits with the end of its life in milliseconds since 1970, then the JSON array.
package final class RedisTodoCache: TodoCache {
    /// Longer lists are not cached: Redis answers one command at a time, and others wait behind a long reply.
    private static let maximumBytes = 4 * 1024 * 1024
    /// A lease outlives any read of the database, and not by much.
    private static let leaseMilliseconds = "10000"
    private static let stampLength = 13

    private let redis: RedisClient
    private let keyPrefix: String
    private let lifetimeMilliseconds: Int64
    /// Users whose key could not be deleted after a write, each with the number of that write. Until the deletion
    /// is made up for, this instance does not serve their lists from Redis.
    private let owed = Mutex<[User.ID: UInt64]>([:])

    /// - Parameter namespace: names the database; caches of different databases may share one Redis.
    package init(redis: RedisClient, namespace: String, lifetime: TimeAmount) {
        self.redis = redis
        self.keyPrefix = "todo:list:\(namespace):"
        self.lifetimeMilliseconds = lifetime.nanoseconds / 1_000_000
    }

    private func key(_ user: User.ID) -> String { keyPrefix + String(user) }

    package func lookup(_ user: User.ID) async -> CacheLookup {
        guard await isTrusted(user) else { return .unavailable }
        return found(await redis.send(question(user)))
    }

    /// Both questions leave in one write: admission does not wait for the cache, nor the cache for admission.
    package func lookup(
        _ user: User.ID, besides limiter: any RateLimiter, _ key: String
    ) async -> (Admission, CacheLookup) {
        guard let limiter = limiter as? RedisRateLimiter, limiter.redis === redis, await isTrusted(user) else {
            return await (limiter.admit(key), lookup(user))
        }
        let call = limiter.call(key)
        let (admission, list) = await redis.send(call.command, question(user))
        return await (limiter.admission(redis.finish(call, after: admission), of: key), found(list))
    }

    private func isTrusted(_ user: User.ID) async -> Bool {
        guard owed.withLock({ !$0.isEmpty && $0[user] != nil }) else { return true }
        return await payDebt(of: user)
    }

    private func question(_ user: User.ID) -> RedisCommand { RedisCommand("GET", .text(key(user))) }

    private func found(_ reply: RedisResult) -> CacheLookup {
        switch reply {
        case .success(.bulk(var bytes)):
            if let lease = CacheLease(value: bytes) { return .miss(lease) }
            guard let stamp = bytes.readString(length: Self.stampLength), let expires = Int64(stamp) else {
                return .miss(nil)
            }
            let left = min(expires - WallClock.milliseconds, lifetimeMilliseconds)
            return .hit(bytes, secondsLeft: max(0, (left + 999) / 1000))
        case .success(.null): return .miss(nil)
        default: return .unavailable
        }
    }

    package func lease(_ user: User.ID) async -> CacheLease? {
        let lease = CacheLease.random()
        let command = RedisCommand(
            "SET", .text(key(user)), .text(lease.value), .text("PX"), .text(Self.leaseMilliseconds))
        guard case .success(.status) = await redis.send(command) else { return nil }
        return lease
    }

    private static let fillScript = RedisScript(
        """
        if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
        redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
        return 1
        """)

    package func fill(_ user: User.ID, with list: ByteBuffer, under lease: CacheLease) async -> Bool {
        guard list.readableBytes <= Self.maximumBytes else { return false }
        var value = ByteBuffer()
        value.writeString(String(WallClock.milliseconds + lifetimeMilliseconds))
        value.writeImmutableBuffer(list)
        let reply = await redis.evaluate(
            Self.fillScript.call(
                key: key(user), .text(lease.value), .bytes(value), .text(String(lifetimeMilliseconds))))
        return reply == .success(.integer(1))
    }

    package func invalidate(_ user: User.ID) async {
        // Owed before it is tried: a reader that looks meanwhile must not trust the key either.
        let write = UInt64.random(in: .min ... .max)
        owed.withLock { $0[user] = write }
        await delete(user, for: write)
    }

    /// Makes up for the deletions that Redis missed. To be called when it is back.
    package func payDebts() async {
        for user in owed.withLock({ Array($0.keys) }) {
            guard await payDebt(of: user) else { return }
        }
    }

    private func payDebt(of user: User.ID) async -> Bool {
        guard let write = owed.withLock({ $0[user] }) else { return true }
        return await delete(user, for: write)
    }

    @discardableResult
    private func delete(_ user: User.ID, for write: UInt64) async -> Bool {
        guard case .success(.integer) = await redis.send(RedisCommand("DEL", .text(key(user)))) else { return false }
        // A newer write's own deletion may still be owed: only this one's is paid.
        owed.withLock { if $0[user] == write { $0[user] = nil } }
        return true
    }
}

extension CacheLease {
    private static let prefix = "lease:"

    fileprivate var value: String { Self.prefix + String(number, radix: 16) }

    /// Nil where the bytes are something else.
    fileprivate init?(value bytes: ByteBuffer) {
        guard bytes.readableBytes <= Self.prefix.utf8.count + 16,
            let text = bytes.getString(at: bytes.readerIndex, length: bytes.readableBytes),
            text.hasPrefix(Self.prefix), let number = UInt64(text.dropFirst(Self.prefix.count), radix: 16)
        else { return nil }
        self.init(number: number)
    }
}
