import Glibc
import NIOCore

/// Holds input back before the HTTP parser while a request is handled.
///
/// So for a client that pipelines, the server keeps unparsed bytes. Parsed heads would take many times the memory.
///
/// The parser is fed up to the end of one head at a time, so at most one request is parsed ahead.
final class InputGate: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// Read buffers up to this size are not counted, because the socket keeps one for its next read anyway.
    private static let smallRead = 2048

    /// The connection's handler. Set to nil when the connection ends, which breaks the reference cycle.
    var connection: ConnectionHandler?
    private var context: ChannelHandlerContext?
    private var held: ByteBuffer?
    /// The client has closed its sending side, and some of its bytes are still held.
    private var holdsEnd = false
    private var isFeeding = false
    /// Bytes fed to the parser since the last response.
    private(set) var fed = 0
    /// Size of the buffer that the socket keeps for its next read, if it is counted.
    private var readBuffer = 0

    var isHolding: Bool { held != nil }

    /// Bytes of memory held for the client's input.
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
        if held == nil, connection.state.input == .process, bytes.endsWithItsHead {
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
        if let event = event as? ChannelEvent, event == .inputClosed, isHolding, connection?.state.input != .discard {
            holdsEnd = true
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    /// Feeds the parser until the connection is busy. Discards input after the last request.
    func feed() {
        guard !isFeeding, let connection else { return }
        isFeeding = true
        defer { isFeeding = false }
        while let bytes = held, let context {
            switch connection.state.input {
            case .process: feed(bytes, context)
            case .wait: return
            case .discard: held = nil
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

    /// Resets `fed` after the response to the request that those bytes made.
    func forgetFed() {
        fed = 0
    }
}

extension ByteBuffer {
    /// Whether nothing follows the first empty line, if there is one.
    fileprivate var endsWithItsHead: Bool { countThroughEmptyLine == readableBytes }

    /// The number of bytes up to and including the first empty line, or all bytes if there is none.
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
