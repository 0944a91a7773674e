import NIOCore
import Synchronization

/// Places the tombstones of writes, and deletes them.
///
/// A deletion that gets a reply has reached the one Redis that takes writes. That may not be the Redis that holds the
/// tombstone. In that case there was no tombstone between its start and now, so a reader on another instance may have
/// stored an older list, which this deletes.
extension RedisTodoCache {
    /// A tombstone outlives the longest write, which has its response after 5 s. One that reaches Redis after its deletion,
    /// from a connection that a stall has ended, causes misses for as long.
    private static let tombstoneLifetime = TimeAmount.seconds(8)
    /// Redis counts from when it executes the script: later than this instance. Its clock may run a little faster.
    private static let clockTolerance = TimeAmount.seconds(1)

    /// Replaces whatever is at the key by this write's tombstone, or adds it to those that are there. Tombstones whose
    /// writes are over, for their instance was killed, go. A full Redis refuses the first statement.
    private static let beginScript = RedisScript(
        """
        redis.call('SETRANGE', KEYS[2], 0, '')
        local time = redis.call('TIME')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        if redis.call('TYPE', KEYS[1]).ok == 'zset' then
          redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now))
        else
          redis.call('DEL', KEYS[1])
        end
        redis.call('ZADD', KEYS[1], string.format('%.0f', now + ARGV[2]), ARGV[1])
        redis.call('PEXPIRE', KEYS[1], ARGV[2])
        return 1
        """)

    package func beginWrite(_ user: User.ID) async -> CacheWrite {
        var write = CacheWrite(user: user, tombstone: .unconfirmed)
        let end = NIODeadline.now() + Self.tombstoneLifetime - Self.clockTolerance
        let answer = await redis.evaluate(Self.beginScript) { [number = write.text] in
            .init(
                keys: self.key(user, in: $0), Self.unusedKey, values: .text(number),
                .text(String(Self.tombstoneLifetime.nanoseconds / 1_000_000)))
        }
        if case .success = answer.result, let identity = answer.identity {
            write.tombstone = .confirmed(by: identity, until: end)
        }
        return write
    }

    /// Deletes a lease or a list, or this write's tombstone alone: those of concurrent writes stay.
    private static let endScript = RedisScript(
        """
        if redis.call('TYPE', KEYS[1]).ok == 'zset' then return redis.call('ZREM', KEYS[1], ARGV[1]) end
        return redis.call('DEL', KEYS[1])
        """)

    package func endWrite(_ write: CacheWrite) async -> CacheFreshness {
        let answer = await delete(write)
        if case .failure = answer.result { owe(write) }
        return write.freshness(after: answer, now: .now())
    }

    package func abandonWrite(_ write: CacheWrite) async {
        if write.tombstone == .unconfirmed { _ = await endWrite(write) }
    }

    private func delete(_ write: CacheWrite) async -> RedisAnswer {
        await redis.evaluate(Self.endScript) { .init(keys: self.key(write.user, in: $0), values: .text(write.text)) }
    }

    // MARK: Deletions that Redis has not confirmed

    private static let retryInterval = Duration.milliseconds(250)

    private func owe(_ write: CacheWrite) {
        let isFirst = owed.withLock { owed in
            defer { owed.add(write, now: .now()) }
            return owed.isEmpty
        }
        guard isFirst else { return }
        let task = Task {
            while !Task.isCancelled, await !payDebts() { try? await Task.sleep(for: Self.retryInterval) }
        }
        retrying.withLock { $0 = task }
    }

    /// Stops retrying and tries the unconfirmed deletions a last time.
    package func close() async {
        let task = retrying.withLock { $0 }
        task?.cancel()
        await task?.value
        await payDebts()
    }

    /// Whether the user's list in Redis can be used. Retries the user's unconfirmed deletion first, if there is one.
    func isTrusted(_ user: User.ID) async -> Bool {
        guard let write = owed.withLock({ $0.isEmpty ? nil : $0.write(of: user) }) else { return true }
        return await pay(write)
    }

    /// Retries the deletions that Redis has not confirmed. Also called when Redis is available again.
    /// - Returns: whether none is left.
    @discardableResult
    package func payDebts() async -> Bool {
        for write in owed.withLock({ $0.current(now: .now()) }) {
            guard await pay(write) else { return false }
        }
        return owed.withLock { $0.isEmpty }
    }

    private func pay(_ write: CacheWrite) async -> Bool {
        guard case .success = await delete(write).result else { return false }
        owed.withLock { $0.settle(write) }
        return true
    }
}

extension CacheWrite {
    /// The tombstone's member in the sorted set.
    fileprivate var text: String { String(number, radix: 16) }
}
