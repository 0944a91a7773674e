import NIOCore
import NIOPosix
import Testing
import TestSupport

@testable import TodoServer

/// Tests the client with a real Redis over TLS.
@Suite(.timeLimit(.minutes(1))) struct RedisTLSTests {
    private static let ping = RedisCommand("PING")

    /// Runs the body with a Redis that uses TLS on a separate port.
    private func withRedis(
        names: String = "IP:127.0.0.1", _ body: (TestRedis, _ port: Int, TestCertificate) async throws -> Void
    ) async throws {
        try await TestCertificate.with(names: names) { certificate in
            let port = try freePort()
            let options = [
                "--tls-port", "\(port)", "--tls-cert-file", certificate.file, "--tls-key-file", certificate.key,
                "--tls-auth-clients", "no", "--requirepass", "pass word",
            ]
            try await TestRedis.with(options: options) { try await body($0, port, certificate) }
        }
    }

    private static func url(_ port: Int, host: String = "127.0.0.1") throws -> RedisURL {
        try RedisURL(parsing: "rediss://:pass%20word@\(host):\(port)")
    }

    @Test("commands and long replies work over TLS")
    func speaksOverTLS() async throws {
        try await withRedis { redis, port, certificate in
            try await redis.withClient(to: Self.url(port), authorities: certificate.file) { client in
                #expect(await client.send(Self.ping) == .success(.status("PONG")))
                // Many TLS records in each direction.
                let long = ByteBuffer(repeating: UInt8(ascii: "a"), count: 1_000_000)
                #expect(
                    await client.send(RedisCommand("SET", .text("a"), .bytes(long))) == .success(.status("OK")))
                #expect(await client.send(RedisCommand("GET", .text("a"))) == .success(.bulk(long)))
                redis.kill()
                try await waitUntil("Redis is down") { await client.send(Self.ping) != .success(.status("PONG")) }
                try await redis.restart()
                try await waitUntil("Redis is up") { await client.send(Self.ping) == .success(.status("PONG")) }
            }
        }
    }

    @Test("a certificate from an untrusted authority or for another host is rejected")
    func believesNobody() async throws {
        try await withRedis(names: "IP:127.0.0.1,DNS:elsewhere.example") { redis, port, certificate in
            for (host, authorities) in [("127.0.0.1", nil), ("localhost", certificate.file)] {
                try await redis.withClient(to: Self.url(port, host: host), authorities: authorities) { client in
                    #expect(await client.send(Self.ping) == .failure(.unavailable))
                }
            }
        }
    }

    @Test("a server that does not complete the handshake is not used or waited for")
    func waitsForNobody() async throws {
        try await withRedis { redis, _, certificate in
            let silent = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .bind(host: "127.0.0.1", port: 0).get()
            for port in [redis.port, try #require(silent.localAddress?.port)] {
                try await redis.withClient(to: Self.url(port), authorities: certificate.file) { client in
                    #expect(await client.send(Self.ping) == .failure(.unavailable))
                }
            }
            try await silent.close()
        }
    }

    @Test("the error names the file that cannot be loaded")
    func saysWhichFileCannotBeUsed() async throws {
        try await withRedis { redis, port, certificate in
            for (file, reason) in [(certificate.key, "no certificate"), ("/nowhere", "No such file")] {
                let error = await #expect(throws: StartupError.self) {
                    try await redis.withClient(to: Self.url(port), authorities: file) { _ in }
                }
                #expect(error?.description.contains("cannot load \(file): ") == true)
                #expect(error?.description.contains(reason) == true)
            }
        }
    }
}
