import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import TodoServer

@Suite struct ConnectionHandlerTests {
    /// Counts the reads that reach the socket's end of the pipeline.
    private final class ReadCounter: ChannelOutboundHandler {
        typealias OutboundIn = ByteBuffer

        var reads = 0

        func read(context: ChannelHandlerContext) {
            reads += 1
        }
    }

    /// Counts the heads from the parser.
    private final class PartCounter: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias InboundOut = HTTPServerRequestPart

        var heads = 0

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            if case .head = unwrapInboundIn(data) { heads += 1 }
            context.fireChannelRead(data)
        }
    }

    private static let request = ByteBuffer(string: "GET / HTTP/1.1\r\nHost: a\r\n\r\n")

    private static func connect(
        _ responder: Responder = Responder { _ in Response(status: .ok) }
    ) throws -> (EmbeddedChannel, LoopResources, PartCounter, ReadCounter) {
        let reads = ReadCounter()
        let channel = EmbeddedChannel(handler: reads)
        let loop = LoopResources(
            eventLoop: channel.eventLoop, limits: Limits(), connections: ConnectionCount(limit: 1),
            responder: responder)
        var handlers = loop.handlers(of: ClientOrigin(peer: nil))
        let parts = PartCounter()
        handlers.insert(parts, at: 2)
        try channel.pipeline.syncOperations.addHandlers(handlers)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        return (channel, loop, parts, reads)
    }

    @Test("the socket is not read while an earlier pipelined request waits")
    func holdsBackClientsThatPipeline() throws {
        let (channel, _, _, counter) = try Self.connect()
        try channel.writeInbound(Self.request)
        channel.read()
        #expect(counter.reads == 1)
        try channel.writeInbound(Self.request)
        channel.read()
        #expect(counter.reads == 1)
        channel.embeddedEventLoop.run()
        #expect(counter.reads == 2)
        #expect(try channel.readOutbound(as: ByteBuffer.self) != nil)
        #expect(try channel.readOutbound(as: ByteBuffer.self) != nil)
        _ = try channel.finish()
    }

    @Test("pipelined requests are parsed one at a time and yield to other connections")
    func parsesOneAtATime() throws {
        let (channel, loop, parts, _) = try Self.connect()
        var flood = ByteBuffer()
        for _ in 0..<1000 { flood.writeImmutableBuffer(Self.request) }
        // Split at arbitrary places, even within empty lines.
        while let piece = flood.readSlice(length: min(flood.readableBytes, 997)), piece.readableBytes > 0 {
            // A socket reads each piece into a separate buffer.
            try channel.writeInbound(ByteBuffer(bytes: piece.readableBytesView))
        }
        #expect(parts.heads <= 2)
        #expect(loop.memory.used >= 25_000, "the unparsed bytes are counted")
        channel.embeddedEventLoop.run()
        #expect(parts.heads <= 17, "the connection yields to others after 16 requests")
        for _ in 0..<1000 / 16 { channel.embeddedEventLoop.advanceTime(by: .microseconds(50)) }
        #expect(parts.heads == 1000)
        var responses = 0
        while try channel.readOutbound(as: ByteBuffer.self) != nil { responses += 1 }
        #expect(responses == 1000)
        #expect(loop.memory.used == 0)
        _ = try channel.finish()
    }

    @Test("requests received before the client closes its side get responses")
    func answersBeforeTheEnd() throws {
        let (channel, _, _, _) = try Self.connect()
        for _ in 0..<3 { try channel.writeInbound(Self.request) }
        channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        channel.embeddedEventLoop.run()
        var responses = 0
        while let bytes = try channel.readOutbound(as: ByteBuffer.self) {
            if bytes.readableBytes > 0 { responses += 1 }
        }
        #expect(responses == 3)
        _ = try? channel.finish()
    }

    @Test("input after the last request is discarded unparsed")
    func dropsTheRest() throws {
        let (channel, loop, parts, _) = try Self.connect()
        try channel.writeInbound(ByteBuffer(string: "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
        for _ in 0..<100 { try channel.writeInbound(Self.request) }
        channel.embeddedEventLoop.run()
        for _ in 0..<100 { _ = try? channel.writeInbound(Self.request) }
        #expect(parts.heads == 1)
        #expect(loop.memory.used == 0)
        _ = try? channel.finish()
    }
}
