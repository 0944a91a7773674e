import Glibc
import NIOCore

/// Stands between a socket and its HTTP parser, and holds bytes back while a request is answered: a client that pipelines
/// makes the server keep its bytes, never the heads parsed from them, which take many times as much.
///
/// The parser is fed up to the end of one head at a time, so at most one request is parsed ahead.
final class InputGate: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// Reads into smaller buffers are not counted: the socket keeps one for the next read anyway.
    private static let smallRead = 2048

    /// Until the connection ends, which breaks the cycle.
    var connection: ConnectionHandler?
    private var context: ChannelHandlerContext?
    private var held: ByteBuffer?
    /// The client has sent its last byte, and some of its bytes are held.
    private var holdsEnd = false
    private var isFeeding = false
    /// Bytes that the parser was fed since the last response.
    private(set) var fed = 0
    /// Bytes of the buffer that the socket keeps for its next read.
    private var readBuffer = 0

    var isHolding: Bool { held != nil }

    /// Bytes of memory that the client's input takes.
    var memory: Int { fed + (held?.storageCapacity ?? 0) + readBuffer }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        connection = nil
        held = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        readBuffer = bytes.storageCapacity > Self.smallRead ? bytes.storageCapacity : 0
        guard let connection else { return }
        if held == nil, !connection.isBusy, !connection.isFinished, bytes.endsWithItsHead {
            // Nearly every read: one whole request, or a part of one.
            fed += bytes.readableBytes
            isFeeding = true
            context.fireChannelRead(data)
            isFeeding = false
        } else if held == nil {
            held = bytes
        } else {
            held?.writeImmutableBuffer(bytes)
        }
        feed()
        if memory >= ConnectionMemory<ConnectionHandler>.unit || connection.isCharged { connection.charge() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed, isHolding, connection?.isFinished == false {
            holdsEnd = true
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    /// Feeds the parser until a request is to be answered. What comes after the last request is dropped.
    func feed() {
        guard !isFeeding, let connection else { return }
        isFeeding = true
        defer { isFeeding = false }
        while let bytes = held, let context {
            if connection.isFinished {
                held = nil
            } else if connection.isBusy {
                return
            } else {
                feed(bytes, context)
            }
        }
        if holdsEnd {
            holdsEnd = false
            context?.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        }
    }

    private func feed(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        var rest = bytes
        let count = bytes.countThroughEmptyLine
        fed += count
        if count < bytes.readableBytes, let head = rest.readSlice(length: count) {
            held = rest
            context.fireChannelRead(wrapInboundOut(head))
        } else {
            held = nil
            context.fireChannelRead(wrapInboundOut(bytes))
        }
    }

    /// The parser's bytes became a request that has been answered.
    func forgetFed() {
        fed = 0
    }
}

extension ByteBuffer {
    /// Whether nothing follows the first empty line, if there is one.
    fileprivate var endsWithItsHead: Bool { countThroughEmptyLine == readableBytes }

    /// How many bytes there are up to the first empty line and with it; all if there is none.
    fileprivate var countThroughEmptyLine: Int {
        withUnsafeReadableBytes { bytes in
            guard let start = bytes.baseAddress else { return 0 }
            var count = 0
            while let feed = memchr(start + count, Int32(UInt8(ascii: "\n")), bytes.count - count) {
                count = start.distance(to: feed) + 1
                if count >= 4, bytes[count - 2] == UInt8(ascii: "\r"), bytes[count - 3] == UInt8(ascii: "\n"),
                    bytes[count - 4] == UInt8(ascii: "\r")
                {
                    return count
                }
            }
            return bytes.count
        }
    }
}
