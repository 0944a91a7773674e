import NIOCore

/// Adds TLS to a channel. The handlers after it become active once the handshake is complete.
final class TLSClientHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Read size, the maximum length of a TLS record.
    private static let recordLength = 16 * 1024

    private var client: TLSClient
    private let patience: TimeAmount
    private var isOpen = false
    private var handshakeEnds: Scheduled<Void>?

    /// - Parameter patience: time limit for the handshake.
    init(_ client: consuming TLSClient, patience: TimeAmount) {
        self.client = client
        self.patience = patience
    }

    func channelActive(context: ChannelHandlerContext) {
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        handshakeEnds = context.eventLoop.scheduleTask(in: patience) {
            bound.value.handler.fail(TLSError(description: "TLS: the handshake timed out"), bound.value.context)
        }
        goOn(context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        unwrapInboundIn(data).withUnsafeReadableBytes { client.receive($0) }
        goOn(context)
    }

    private func goOn(_ context: ChannelHandlerContext) {
        do {
            if !isOpen, try client.handshake() {
                isOpen = true
                handshakeEnds?.cancel()
                send(context)
                context.fireChannelActive()
            }
            let hasEnded = isOpen ? try read(context) : false
            send(context)
            if hasEnded { context.close(promise: nil) }
        } catch {
            fail(error, context)
        }
    }

    /// Forwards all data received so far. Returns true if the server has closed its side.
    private func read(_ context: ChannelHandlerContext) throws(TLSError) -> Bool {
        while true {
            var bytes = context.channel.allocator.buffer(capacity: Self.recordLength)
            var outcome: Result<Int?, TLSError> = .success(nil)
            bytes.writeWithUnsafeMutableBytes(minimumWritableBytes: Self.recordLength) { memory in
                outcome = Result { () throws(TLSError) in try client.read(into: memory) }
                return (try? outcome.get()) ?? 0
            }
            guard let count = try outcome.get() else { return true }
            guard count > 0 else { return false }
            context.fireChannelRead(wrapInboundOut(bytes))
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        do {
            try unwrapOutboundIn(data).withUnsafeReadableBytes { bytes throws(TLSError) in try client.write(bytes) }
            context.write(wrapOutboundOut(outgoing()), promise: promise)
        } catch {
            promise?.fail(error)
            fail(error, context)
        }
    }

    private func send(_ context: ChannelHandlerContext) {
        guard client.outgoingCount > 0 else { return }
        context.writeAndFlush(wrapOutboundOut(outgoing()), promise: nil)
    }

    private func outgoing() -> ByteBuffer {
        var bytes = ByteBuffer()
        bytes.writeWithUnsafeMutableBytes(minimumWritableBytes: client.outgoingCount) { client.take(into: $0) }
        return bytes
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        if isOpen {
            client.close()
            send(context)
        }
        context.close(mode: mode, promise: promise)
    }

    func channelInactive(context: ChannelHandlerContext) {
        handshakeEnds?.cancel()
        context.fireChannelInactive()
    }

    private func fail(_ error: TLSError, _ context: ChannelHandlerContext) {
        // The remaining output contains the TLS alert that tells the server why.
        send(context)
        context.fireErrorCaught(error)
        context.close(promise: nil)
    }
}
