import NIOCore

/// Parses the socket's bytes into replies for a `RedisConnection`.
final class RedisChannelHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let connection: RedisConnection
    private var reader = RESPReader()
    private var cause = "the connection was closed"

    init(connection: RedisConnection) {
        self.connection = connection
    }

    func channelActive(context: ChannelHandlerContext) {
        connection.connected(context.channel)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        do {
            try reader.feed(unwrapInboundIn(data))
            while let reply = try reader.next() { connection.received(reply) }
        } catch {
            cause = "\(error)"
            context.close(promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        connection.ended(cause: cause)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        cause = "\(error)"
        context.close(promise: nil)
    }
}
