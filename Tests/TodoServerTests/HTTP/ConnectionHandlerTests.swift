import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import TodoServer

@Suite struct ConnectionHandlerTests {
    /// Counts what reaches the socket's side of the pipeline.
    private final class ReadCounter: ChannelOutboundHandler {
        typealias OutboundIn = ByteBuffer

        var reads = 0

        func read(context: ChannelHandlerContext) {
            reads += 1
        }
    }

    private static let request: [HTTPServerRequestPart] = [
        .head(HTTPRequestHead(version: .http1_1, method: .GET, uri: "/", headers: ["Host": "a"])), .end(nil),
    ]

    /// One request is read ahead; while a second one waits the socket is not read, and then it is again.
    @Test func holdsBackClientsThatPipeline() throws {
        let counter = ReadCounter()
        let channel = EmbeddedChannel(handler: counter)
        let loop = LoopResources(
            eventLoop: channel.eventLoop, limits: Limits(), connections: ConnectionCount(limit: 1),
            responder: Responder { _ in Response(status: .ok) })
        let handler = ConnectionHandler(origin: ClientOrigin(peer: nil), loop: loop)
        try channel.pipeline.syncOperations.addHandler(handler)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()

        for part in Self.request { try channel.writeInbound(part) }
        channel.read()
        #expect(counter.reads == 1)
        for part in Self.request { try channel.writeInbound(part) }
        channel.read()
        #expect(counter.reads == 1)
        channel.embeddedEventLoop.run()
        #expect(counter.reads == 2)
        #expect(try channel.readOutbound(as: ByteBuffer.self) != nil)
        #expect(try channel.readOutbound(as: ByteBuffer.self) != nil)
        _ = try channel.finish()
    }
}
