import Glibc
import Logging
import NIOCore
import NIOPosix
import TestSupport

@testable import TodoServer

/// A `redis-server` for one test, on loopback and on a Unix socket. By default it stores nothing on disk.
final class TestRedis {
    let url: RedisURL
    let port: Int
    let socket: String
    let directory: String
    private let options: [String]
    private var process: ChildProcess

    private init(directory: String, options: [String]) throws {
        self.directory = directory
        port = try freePort()
        socket = directory + "/redis.sock"
        url = try RedisURL(parsing: "redis://127.0.0.1:\(port)")
        self.options =
            [
                "--bind", "127.0.0.1", "--port", "\(port)", "--unixsocket", socket, "--save", "", "--appendonly", "no",
                "--dir", directory, "--logfile", directory + "/redis.log",
            ] + options
        process = try Self.launch(self.options)
    }

    private static func launch(_ options: [String]) throws -> ChildProcess {
        try ChildProcess(Programs.installed("redis-server", package: "redis-server"), options)
    }

    static func with<Value>(
        options: [String] = [], _ body: (TestRedis) async throws -> Value
    ) async throws -> Value {
        try await TemporaryDirectory.with { directory in
            let redis = try TestRedis(directory: directory, options: options)
            defer { redis.kill() }
            try await redis.waitUntilItListens()
            return try await body(redis)
        }
    }

    private func waitUntilItListens() async throws {
        try await waitUntil("Redis listens") {
            let channel = try? await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .connect(host: "127.0.0.1", port: port).get()
            try await channel?.close()
            return channel != nil
        }
    }

    /// Kills it. Data that is not on disk is lost.
    func kill() {
        process.stop()
    }

    /// Starts it again on the same port and socket.
    func restart() async throws {
        process = try Self.launch(options)
        try await waitUntilItListens()
    }

    /// Pauses the process. Its connections stay open but get no replies.
    func pause() {
        process.signal(SIGSTOP)
    }

    func proceed() {
        process.signal(SIGCONT)
    }

    /// Sends a command with `redis-cli`, which also works for a replica, and returns the lines of its output.
    @discardableResult
    func cli(_ arguments: String...) async throws -> [String] {
        let process = try ChildProcess(
            Programs.installed("redis-cli", package: "redis-tools"), ["-p", "\(port)"] + arguments)
        defer { process.stop() }
        var lines: [String] = []
        while let line = try await process.nextLine() { lines.append(line) }
        return lines
    }

    /// Sends a command over a new client.
    func command(_ command: RedisCommand) async throws -> RedisReply {
        try await withClient { await $0.send(command) }.get()
    }

    /// Passes a client with one connection to a closure.
    func withClient<Value>(
        to url: RedisURL? = nil, authorities: String? = nil, _ body: (RedisClient) async throws -> Value
    ) async throws -> Value {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let result: Result<Value, any Error>
        do {
            let client = try await RedisClient.connect(
                to: url ?? self.url, authorities: authorities, on: group, logger: logger)
            do {
                result = .success(try await body(client))
            } catch {
                result = .failure(error)
            }
            await client.shutdown()
        } catch {
            result = .failure(error)
        }
        try await group.shutdownGracefully()
        return try result.get()
    }
}
