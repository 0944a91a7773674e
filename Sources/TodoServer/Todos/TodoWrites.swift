import NIOHTTP1

/// Performs writes so that no instance serves an older list once the write is acknowledged.
///
/// A write first places a tombstone in the cache, which blocks hits and fills. Then it commits. Then it deletes the
/// tombstone or whatever replaced it, and only then is it acknowledged. `WriteProtocolTests` checks this against
/// restarts, failovers, stalls and lost keys.
package struct TodoWrites: Sendable {
    /// What to do with a write that Redis does not confirm.
    package enum WithoutRedis: String, Sendable, CaseIterable {
        /// Perform and acknowledge it. Other instances may serve an older list until the deletion arrives.
        case serve
        /// Without a tombstone, do not perform it: 503. Without the deletion, do not acknowledge it: 504.
        case refuse
    }

    private let cache: any TodoCache
    private let withoutRedis: WithoutRedis
    private let unconfirmed: Counter

    package init(cache: any TodoCache, withoutRedis: WithoutRedis = .serve, metrics: Metrics) {
        self.cache = cache
        self.withoutRedis = withoutRedis
        unconfirmed = metrics.counter(
            "todo_unconfirmed_writes_total",
            "Acknowledged writes that Redis did not confirm; other instances may serve an older list for a while.")
    }

    /// - Returns: the result of the write, and whether every later read on any instance shows it.
    package func perform<Value>(
        for user: User.ID, _ write: () async throws -> Value
    ) async throws -> (value: Value, isConfirmed: Bool) {
        let begun = await cache.beginWrite(user)
        guard Self.begins(begun, withoutRedis) else {
            // The tombstone may have been placed all the same.
            _ = await cache.endWrite(begun)
            throw TodoError.redisUnavailable
        }
        let value: Value
        do {
            value = try await write()
        } catch {
            if Self.didNothing(error) {
                _ = await cache.endWrite(begun)
            } else {
                await cache.abandonWrite(begun)
            }
            throw error
        }
        switch Self.acknowledgement(await cache.endWrite(begun), withoutRedis) {
        case .confirmed: return (value, true)
        case .unconfirmed:
            unconfirmed.add()
            return (value, false)
        case nil: throw HTTPError.outcomeUnknown
        }
    }

    // MARK: Rules, as pure functions

    package enum Acknowledgement: Sendable {
        case confirmed, unconfirmed
    }

    /// Whether to perform a write.
    package static func begins(_ write: CacheWrite, _ withoutRedis: WithoutRedis) -> Bool {
        switch write.tombstone {
        case .unneeded, .confirmed: true
        case .unconfirmed, .absent: withoutRedis == .serve
        }
    }

    /// Whether a failed write was certainly not committed and never will be.
    private static func didNothing(_ error: any Error) -> Bool {
        let status = Response(error).status
        return status.code < 500 || status == .serviceUnavailable
    }

    /// How to acknowledge a committed write; nil if it must not be acknowledged because a read might not show it yet.
    package static func acknowledgement(
        _ freshness: CacheFreshness, _ withoutRedis: WithoutRedis
    ) -> Acknowledgement? {
        switch (freshness, withoutRedis) {
        case (.certain, _), (.blocked, .serve): .confirmed
        case (.unconfirmed, .serve): .unconfirmed
        case (.blocked, .refuse), (.unconfirmed, .refuse): nil
        }
    }
}
