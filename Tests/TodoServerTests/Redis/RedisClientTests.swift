import NIOCore
import Testing
import TestSupport

@testable import TodoServer

/// Tests the client with a real Redis.
@Suite(.timeLimit(.minutes(1))) struct RedisClientTests {
    private static let ping = RedisCommand("PING")

    /// Commands sent at different times are in flight when Redis stops responding. Each waits for its own 250 ms.
    @Test("no command waits longer than the timeout for a paused Redis")
    func nothingWaitsLongerForAPausedRedis() async throws {
        try await TestRedis.with { redis in
            try await redis.withClient { client in
                #expect(await client.send(Self.ping) == .success(.status("PONG")))
                redis.pause()
                let excesses = await withTaskGroup(of: Duration.self) { group in
                    for number in 0..<12 {
                        group.addTask {
                            try? await Task.sleep(for: .milliseconds(20 * number))
                            async let timer = Self.time { try? await Task.sleep(for: .milliseconds(250)) }
                            let time = await Self.time { _ = await client.send(Self.ping) }
                            return await time - timer
                        }
                    }
                    return await group.reduce(into: []) { $0.append($1) }
                }
                // Compared with a 250 ms timer on the same busy machine. Waiting for the connection to close would take
                // a second longer.
                #expect(excesses.allSatisfy { $0 < .milliseconds(700) }, "\(excesses)")
                redis.proceed()
                try await waitUntil("Redis is used again") { await client.send(Self.ping) == .success(.status("PONG")) }
            }
        }
    }

    private static func time(_ body: () async -> Void) async -> Duration {
        await ContinuousClock().measure { await body() }
    }

    /// As a user with a password, into a database other than 0.
    @Test("the client logs in and selects a database over a Unix socket")
    func logsInOverAUnixSocket() async throws {
        try await TestRedis.with(options: ["--user", "me", "on", ">pass word", "~*", "+@all"]) { redis in
            let url = try RedisURL(parsing: "unix://me:pass%20word@\(redis.socket)?db=3")
            try await redis.withClient(to: url) { client in
                #expect(await client.send(RedisCommand("SET", .text("a"), .text("b"))) == .success(.status("OK")))
                #expect(
                    await client.send(RedisCommand("ACL", .text("WHOAMI"))) == .success(.bulk(ByteBuffer(string: "me")))
                )
            }
            #expect(try await redis.command(RedisCommand("GET", .text("a"))) == .null, "the key is in database 3")
        }
    }

    @Test("a connection with a wrong password is not used")
    func aWrongPasswordIsNoConnection() async throws {
        try await TestRedis.with { redis in
            let url = try RedisURL(parsing: "redis://me:mistaken@127.0.0.1:\(redis.port)")
            try await redis.withClient(to: url) { client in
                #expect(await client.send(Self.ping) == .failure(.unavailable))
            }
        }
    }

    @Test("a Redis that rejects writes or does not respond is not ready")
    func readyIsWhatDoesWhatItIsAskedFor() async throws {
        try await TestRedis.with { redis in
            try await redis.withClient { client in
                #expect(await client.isReady())
                let limit = { RedisCommand("CONFIG", .text("SET"), .text("maxmemory"), .text($0)) }
                _ = try await redis.command(limit("1"))
                #expect(await !client.isReady())
                _ = try await redis.command(limit("0"))
                #expect(await client.isReady())
                redis.pause()
                #expect(await !client.isReady())
                redis.proceed()
                try await waitUntil("Redis is used again") { await client.isReady() }
            }
        }
    }
}
