import NIOCore
import Synchronization
import Testing
import TestSupport

@testable import TodoServer

/// A stall leaves tombstones that nobody has confirmed. They must not block cached reads until they expire.
@Suite(.timeLimit(.minutes(1))) struct LateTombstoneTests {
    private func withCache(
        of redis: TestRedis, at port: Int? = nil, _ body: (RedisTodoCache) async throws -> Void
    ) async throws {
        let url = try RedisURL(parsing: "redis://127.0.0.1:\(port ?? redis.port)")
        try await redis.withClient(to: url) { client in
            let cache = RedisTodoCache(redis: client, namespace: "test", lifetime: .seconds(60))
            // Redis knows the scripts from now on.
            #expect(await cache.endWrite(cache.beginWrite(1)) == .certain)
            try await body(cache)
            await cache.close()
        }
    }

    private func waitUntilPaid(_ cache: RedisTodoCache) async throws {
        try await waitUntil("the deletions are confirmed") { cache.owed.withLock(\.isEmpty) }
    }

    private func expectNoTombstone(_ cache: RedisTodoCache) async {
        guard case .taken = await cache.lease(1) else {
            Issue.record("reads are blocked")
            return
        }
    }

    @Test("a tombstone that arrives after its deletion, from a connection that was given up, is not placed")
    func late() async throws {
        try await TestRedis.with { redis in
            try await TestProxy.with(to: redis.port) { proxy, port in
                try await withCache(of: redis, at: port) { cache in
                    proxy.set(.holdRequests)
                    let write = await cache.beginWrite(1)
                    #expect(write.tombstone == .unconfirmed)
                    proxy.set(.forward)
                    #expect(await cache.endWrite(write) == .unconfirmed)
                    try await waitUntilPaid(cache)
                    let scripts = try await scripts(of: redis)
                    proxy.release()
                    try await waitUntil("the tombstone has arrived") { try await self.scripts(of: redis) > scripts }
                    await expectNoTombstone(cache)
                    let marks = try await redis.cli("KEYS", "todo:ended:*")
                    #expect(marks.count == 1)
                    let left = try await redis.cli("PTTL", marks.first ?? "").first.flatMap { Int($0) } ?? -1
                    #expect((1...60_000).contains(left))
                }
            }
        }
    }

    /// How many scripts it has executed.
    private func scripts(of redis: TestRedis) async throws -> Int {
        let line = try await redis.cli("INFO", "commandstats").first { $0.hasPrefix("cmdstat_evalsha:calls=") }
        return line.flatMap { Int($0.dropFirst("cmdstat_evalsha:calls=".count).prefix { $0 != "," }) } ?? 0
    }

    @Test("the deletions of all writes of one user that a stall left are made up for")
    func several() async throws {
        try await TestRedis.with { redis in
            try await withCache(of: redis) { cache in
                var writes = [await cache.beginWrite(1)]
                redis.pause()
                for _ in 0..<3 { writes.append(await cache.beginWrite(1)) }
                #expect(writes.dropFirst().map(\.tombstone) == [.unconfirmed, .absent, .absent])
                for write in writes { #expect(await cache.endWrite(write) != .certain) }
                #expect(cache.owed.withLock { $0.writes(of: 1).count } == 3)
                redis.proceed()
                try await waitUntilPaid(cache)
                await expectNoTombstone(cache)
            }
        }
    }

    @Test("what Redis says about a tombstone")
    func replies() {
        let redis = RedisIdentity(text: "a")
        let end = NIODeadline.now()
        func tombstone(_ result: RedisResult) -> CacheWrite.Tombstone {
            CacheWrite.Tombstone(after: RedisAnswer(result: result, identity: redis), until: end)
        }
        #expect(tombstone(.success(.integer(1))) == .confirmed(by: redis, until: end))
        #expect(tombstone(.success(.integer(0))) == .unconfirmed)
        #expect(tombstone(.failure(.timedOut)) == .unconfirmed)
        #expect(tombstone(.failure(.disconnected)) == .unconfirmed)
        #expect(tombstone(.failure(.unavailable)) == .absent)
        #expect(tombstone(.failure(.refused("OOM"))) == .absent)
        for write in [tombstone(.failure(.timedOut)), tombstone(.failure(.unavailable))] {
            #expect(!TodoWrites.begins(CacheWrite(user: 1, tombstone: write), .refuse))
            #expect(TodoWrites.begins(CacheWrite(user: 1, tombstone: write), .serve))
        }
    }
}
