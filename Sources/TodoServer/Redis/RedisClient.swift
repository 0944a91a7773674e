import Logging
import NIOCore
import NIOPosix

/// A Redis client with one connection per event loop. A command is sent on the caller's event loop.
package final class RedisClient: Sendable {
    private struct Loop {
        var eventLoop: any EventLoop
        var connection: NIOLoopBound<RedisConnection>
    }

    private let loops: [Loop]

    private init(loops: [Loop]) {
        self.loops = loops
    }

    /// Connects on every event loop. If Redis is unavailable, this still returns, and connecting continues.
    ///
    /// - Parameters:
    ///   - authorities: a PEM file of authorities to trust for TLS instead of the system's.
    ///   - timeout: time limit for a command, and for connecting.
    /// - Throws: ``StartupError`` if the file cannot be loaded.
    package static func connect(
        to url: RedisURL, authorities: String? = nil, timeout: TimeAmount = .milliseconds(250),
        on group: MultiThreadedEventLoopGroup, logger: Logger
    ) async throws -> RedisClient {
        let tls = try tls(for: url, authorities)
        var loops: [Loop] = []
        for eventLoop in group.makeIterator() {
            let connection = try await eventLoop.submit {
                let connection = RedisConnection(
                    url: url, tls: tls, timeout: timeout, eventLoop: eventLoop, logger: logger)
                return NIOLoopBound(connection, eventLoop: eventLoop)
            }.get()
            loops.append(Loop(eventLoop: eventLoop, connection: connection))
        }
        for loop in loops {
            try await loop.eventLoop.flatSubmit { loop.connection.value.start() }.get()
        }
        return RedisClient(loops: loops)
    }

    private static func tls(for url: RedisURL, _ authorities: String?) throws(StartupError) -> TLSContext? {
        guard case .tls = url.endpoint else { return nil }
        do {
            return try TLSContext(authorities: authorities)
        } catch {
            let file = authorities ?? "the system's trust store"
            throw StartupError(description: "redis-ca-file: cannot load \(file): \(error)")
        }
    }

    /// Calls the closure whenever a connection starts to accept commands: after a connect or the end of a stall.
    package func onReady(_ action: @escaping @Sendable () -> Void) {
        for loop in loops { loop.eventLoop.execute { loop.connection.value.onReady = action } }
    }

    /// Sends a command once and waits for its reply, for at most the timeout.
    /// - Parameter command: builds the command for the connected Redis, whose identity may be part of a key.
    package func send(_ command: @escaping @Sendable (RedisIdentity) -> RedisCommand) async -> RedisAnswer {
        await withUnsafeContinuation { continuation in
            onConnection { $0.submit(command, continuation) }
        }
    }

    /// Sends a command that does not depend on the identity of Redis.
    package func send(_ command: RedisCommand) async -> RedisResult {
        await send { _ in command }.result
    }

    private func onConnection(_ action: @escaping @Sendable (RedisConnection) -> Void) {
        let loop = current
        if loop.eventLoop.inEventLoop {
            action(loop.connection.value)
        } else {
            loop.eventLoop.execute { action(loop.connection.value) }
        }
    }

    /// Tests what the limits and the cache need: scripts that write.
    private static let probe = RedisScript("return redis.call('SET', KEYS[1], '1', 'PX', 1000)")

    /// Whether every connection is ready and Redis runs a script that writes.
    ///
    /// A Redis that hangs, rejects writes or runs no scripts is not ready.
    package func isReady() async -> Bool {
        for loop in loops {
            let isReady = try? await loop.eventLoop.submit { loop.connection.value.isReady }.get()
            guard isReady == true else { return false }
        }
        return await evaluate(Self.probe) { _ in .init(keys: "todo:ready") }.result == .success(.status("OK"))
    }

    package func shutdown() async {
        for loop in loops {
            try? await loop.eventLoop.submit { loop.connection.value.stop() }.get()
        }
    }

    private var current: Loop {
        guard let eventLoop = MultiThreadedEventLoopGroup.currentEventLoop else { return loops[0] }
        return loops.first { $0.eventLoop === eventLoop } ?? loops[0]
    }
}
