import NIOCore
import NIOPosix
import Synchronization

@testable import TodoServer

/// A proxy in front of a loopback server that can drop traffic in either direction.
final class TestProxy: Sendable {
    enum Mode: Sendable {
        case forward
        /// Requests reach the server. Its first reply is dropped, and the connection is closed.
        case cutAtReply
        /// The first request is dropped, and the connection is closed.
        case cutAtRequest
        /// Requests reach the server, and its replies are dropped. The connection stays open.
        case dropReplies
        /// Requests are kept until `release`. They reach the server even if their client has left by then.
        case holdRequests
    }

    private let mode = Mutex(Mode.forward)
    private let held = Mutex<[@Sendable () -> Void]>([])
    private let target: Mutex<Int>
    /// Counts what was dropped.
    let dropped = Counter()

    func set(_ mode: Mode) {
        self.mode.withLock { $0 = mode }
    }

    /// Sends the requests that were held.
    func release() {
        let actions = held.withLock { held in
            defer { held = [] }
            return held
        }
        for action in actions { action() }
    }

    fileprivate func hold(_ action: @escaping @Sendable () -> Void) {
        held.withLock { $0.append(action) }
    }

    /// Connects new clients to another port.
    func retarget(to port: Int) {
        target.withLock { $0 = port }
    }

    private init(port: Int) {
        target = Mutex(port)
    }

    fileprivate var currentTarget: Int { target.withLock { $0 } }
    fileprivate var currentMode: Mode { mode.withLock { $0 } }

    /// Runs a proxy while a closure runs.
    /// - Parameter port: the server's port.
    static func with<Value>(
        to port: Int, _ body: (_ proxy: TestProxy, _ port: Int) async throws -> Value
    ) async throws -> Value {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let proxy = TestProxy(port: port)
        let channel = try await ServerBootstrap(group: group)
            .childChannelOption(.autoRead, value: false)
            .childChannelInitializer { client in
                ClientBootstrap(group: client.eventLoop)
                    .channelInitializer { server in
                        server.eventLoop.makeCompletedFuture {
                            try server.pipeline.syncOperations.addHandler(
                                Forwarder(to: client, isOfReplies: true, proxy))
                        }
                    }
                    .connect(host: "127.0.0.1", port: proxy.currentTarget)
                    .flatMapThrowing { server in
                        try client.pipeline.syncOperations.addHandler(
                            Forwarder(to: server, isOfReplies: false, proxy))
                    }
                    .flatMap { client.setOption(.autoRead, value: true) }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let result: Result<Value, any Error>
        do {
            result = .success(try await body(proxy, channel.localAddress?.port ?? 0))
        } catch {
            result = .failure(error)
        }
        try await group.shutdownGracefully()
        return try result.get()
    }
}

private final class Forwarder: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let other: any Channel
    private let isOfReplies: Bool
    private let proxy: TestProxy
    private var holds = false

    init(to other: any Channel, isOfReplies: Bool, _ proxy: TestProxy) {
        self.other = other
        self.isOfReplies = isOfReplies
        self.proxy = proxy
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch (proxy.currentMode, isOfReplies) {
        case (.cutAtReply, true), (.cutAtRequest, false):
            proxy.dropped.add()
            context.close(promise: nil)
            other.close(promise: nil)
        case (.dropReplies, true): proxy.dropped.add()
        case (.holdRequests, false):
            let request = unwrapInboundIn(data)
            holds = true
            proxy.hold { [other] in other.writeAndFlush(request, promise: nil) }
        default: other.writeAndFlush(unwrapInboundIn(data), promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if holds {
            proxy.hold { [other] in other.close(promise: nil) }
        } else {
            other.close(promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
