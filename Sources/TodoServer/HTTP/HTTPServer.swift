import Glibc
import Logging
import NIOCore
import NIOExtras
import NIOHTTP1
import NIOPosix
import ServiceLifecycle

/// Listens, and adds a `ConnectionHandler` to every connection.
///
/// On graceful shutdown it stops accepting, finishes the requests in flight, and waits for connections to close.
package struct HTTPServer: Service {
    package var host: String
    package var port: Int
    package var limits: Limits
    package var connections: ConnectionCount
    /// The peers whose `X-Forwarded-For` is trusted.
    package var proxies: [AddressBlock]
    package var group: MultiThreadedEventLoopGroup
    package var logger: Logger
    package var responder: Responder
    /// Called once, with the base URL that was bound: `http://127.0.0.1:8000`.
    package var onListening: @Sendable (String) -> Void

    package func run() async throws {
        let quiescing = ServerQuiescingHelper(group: group)
        let loops = try await makeLoops()
        let channel: any Channel
        do {
            channel = try await bind(quiescing, loops)
        } catch {
            throw StartupError(description: "cannot listen on \(host):\(port): \(Self.reason(of: error))")
        }
        if let address = channel.localAddress { onListening(Self.url(of: address)) }
        try? await gracefulShutdown()
        logger.info("shutting down: draining connections")
        let drained = channel.eventLoop.makePromise(of: Void.self)
        await stopListening(channel, quiescing, drained: drained)
        await Self.wait(for: drained.futureResult, atMost: limits.drainLimit)
        for (eventLoop, loop) in loops { try await eventLoop.submit { loop.value.giveUp() }.get() }
        // All loops must run until the last connection has closed, because its loop notifies another one.
        await Self.wait(for: drained.futureResult, atMost: .seconds(1))
    }

    private static func wait(for future: EventLoopFuture<Void>, atMost time: TimeAmount) async {
        let isOver = future.eventLoop.makePromise(of: Void.self)
        let limit = future.eventLoop.scheduleTask(in: time) { isOver.succeed() }
        future.whenComplete { _ in isOver.succeed() }
        try? await isOver.futureResult.get()
        limit.cancel()
    }

    private static func reason(of error: any Error) -> String {
        (error as? IOError).map { String(cString: strerror($0.errnoCode)) } ?? "\(error)"
    }

    private static func url(of address: SocketAddress) -> String {
        let host = address.ipAddress ?? ""
        return "http://\(host.contains(":") ? "[\(host)]" : host):\(address.port ?? 0)"
    }

    private typealias Loops = [(eventLoop: any EventLoop, loop: NIOLoopBound<LoopResources>)]

    private func makeLoops() async throws -> Loops {
        var loops: Loops = []
        let count = group.makeIterator().reduce(0) { count, _ in count + 1 }
        for eventLoop in group.makeIterator() {
            let loop = try await eventLoop.submit { [limits, connections, responder] in
                let loop = LoopResources(
                    eventLoop: eventLoop, limits: limits, connections: connections, responder: responder,
                    loops: count)
                // Swift's runtime (6.3, seen in debug builds) can crash when two threads concurrently create the first
                // object of a generic type. Create these objects one after the other.
                _ = loop.handlers(of: ClientOrigin(peer: nil))
                return NIOLoopBound(loop, eventLoop: eventLoop)
            }.get()
            loops.append((eventLoop, loop))
        }
        return loops
    }

    private func bind(_ quiescing: ServerQuiescingHelper, _ loops: Loops) async throws -> any Channel {
        try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 4096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(quiescing.makeServerChannelHandler(channel: channel))
                }
            }
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            // Limits what the kernel buffers unsent. With megabytes buffered, a slow client's progress is not visible.
            .childChannelOption(.tcpOption(NIOBSDSocket.Option(rawValue: TCP_NOTSENT_LOWAT)), value: 128 * 1024)
            // Each connection keeps its read buffer. A typical request fits; longer ones make it grow.
            .childChannelOption(
                .recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 64, initial: 256, maximum: 16_384)
            )
            // Further reads would only buffer bytes that cannot be parsed yet.
            .childChannelOption(.maxMessagesPerRead, value: 1)
            // A connection becomes writable, and is served again, once the socket has taken all of its output.
            .childChannelOption(.writeBufferWaterMark, value: .init(low: 1, high: 64 * 1024))
            .childChannelInitializer { [proxies] channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let loop = loops.first(where: { $0.eventLoop === channel.eventLoop })?.loop.value else {
                        throw ChannelError.inappropriateOperationForState
                    }
                    let origin = ClientOrigin(peer: channel.remoteAddress, proxies: proxies)
                    try channel.pipeline.syncOperations.addHandlers(loop.handlers(of: origin))
                }
            }
            .bind(host: host, port: port).get()
    }
}
