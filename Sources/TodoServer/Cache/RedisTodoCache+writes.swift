import NIOCore
import Synchronization

/// Places the tombstones of writes, and deletes them.
///
/// A deletion that gets a reply has reached the one Redis that takes writes. That may not be the Redis that holds the
/// tombstone. In that case there was no tombstone between its start and now, so a reader on another instance may have
/// stored an older list, which this deletes.
extension RedisTodoCache {
    /// A tombstone outlives the longest write, which has its response after 5 s.
    private static let tombstoneLifetime = TimeAmount.seconds(8)
    /// How long Redis remembers that a write is over whose tombstone was not confirmed. What is sent again over a network
    /// that was interrupted arrives after about as long as the interruption lasted.
    private static let endMarkLifetime = TimeAmount.seconds(60)
    /// Redis counts from when it executes the script: later than this instance. Its clock may run a little faster.
    private static let clockTolerance = TimeAmount.seconds(1)

    /// Replaces whatever is at the key by this write's tombstone, or adds it to those that are there. Tombstones whose
    /// writes are over, for their instance was killed, go. A full Redis refuses the first statement.
    ///
    /// Redis may execute this after the write has ended, since it reads what a connection has sent before it was given up.
    /// Nothing would remove such a tombstone before it expires. So the end of the write leaves a mark, and a tombstone
    /// whose write is marked is not placed.
    private static let beginScript = RedisScript(
        """
        redis.call('SETRANGE', KEYS[2], 0, '')
        if redis.call('EXISTS', KEYS[3]) == 1 then return 0 end
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
        var write = CacheWrite(user: user, tombstone: .absent)
        let end = NIODeadline.now() + Self.tombstoneLifetime - Self.clockTolerance
        let answer = await redis.evaluate(Self.beginScript) { [write] in
            .init(
                keys: self.key(user, in: $0), Self.unusedKey, write.endMark, values: .text(write.text),
                .text(String(Self.tombstoneLifetime.nanoseconds / 1_000_000)))
        }
        write.tombstone = CacheWrite.Tombstone(after: answer, until: end)
        return write
    }

    /// Deletes a lease or a list, or the tombstones of these writes alone: those of other writes stay. Marks the writes
    /// whose tombstones may still arrive. A full Redis deletes, but stores no marks.
    private static let endScript = RedisScript(
        """
        if redis.call('TYPE', KEYS[1]).ok == 'zset' then
          redis.call('ZREM', KEYS[1], unpack(ARGV))
        else
          redis.call('DEL', KEYS[1])
        end
        for index = 2, #KEYS do redis.pcall('SET', KEYS[index], '', 'PX', \(endMarkLifetime.nanoseconds / 1_000_000)) end
        return 1
        """)

    package func endWrite(_ write: CacheWrite) async -> CacheFreshness {
        let answer = await delete([write], of: write.user)
        if case .failure = answer.result { owe(write) }
        return write.freshness(after: answer, now: .now())
    }

    package func abandonWrite(_ write: CacheWrite) async {
        switch write.tombstone {
        case .unneeded, .confirmed: break
        case .unconfirmed, .absent: _ = await endWrite(write)
        }
    }

    /// - Parameter writes: one at least.
    private func delete(_ writes: [CacheWrite], of user: User.ID) async -> RedisAnswer {
        let marks = writes.filter { $0.tombstone == .unconfirmed }.map(\.endMark)
        return await redis.evaluate(Self.endScript) {
            .init(keys: [self.key(user, in: $0)] + marks, values: writes.map { .text($0.text) })
        }
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
        await pay(user)
    }

    /// Retries the deletions that Redis has not confirmed. Also called when Redis is available again.
    /// - Returns: whether none is left.
    @discardableResult
    package func payDebts() async -> Bool {
        for user in owed.withLock({ $0.users(now: .now()) }) {
            guard await pay(user) else { return false }
        }
        return owed.withLock { $0.isEmpty }
    }

    /// - Returns: whether nothing was owed, or Redis has confirmed what was.
    private func pay(_ user: User.ID) async -> Bool {
        let writes = owed.withLock { $0.writes(of: user) }
        guard !writes.isEmpty else { return true }
        guard case .success = await delete(writes, of: user).result else { return false }
        owed.withLock { $0.settle(writes, of: user) }
        return true
    }
}

extension CacheWrite {
    /// The tombstone's member in the sorted set.
    fileprivate var text: String { String(number, radix: 16) }
    /// The key that is there once the write is over, if its tombstone was not confirmed.
    fileprivate var endMark: String { "todo:ended:" + text }
}
