import NIOCore
import NIOPosix

@testable import TodoServer

/// A client that sends arbitrary bytes, well formed or not, and reads responses one by one.
final class RawClient {
    struct Response {
        var status: Int
        /// Keyed by lower-case name.
        var headers: [String: String]
        var body: String
    }

    struct Closed: Error {}

    private let channel: any Channel
    private var incoming: AsyncStream<ByteBuffer>.Iterator
    private var received: [UInt8] = []

    private init(channel: any Channel, stream: AsyncStream<ByteBuffer>) {
        self.channel = channel
        self.incoming = stream.makeAsyncIterator()
    }

    static func connect(to server: RunningServer) async throws -> RawClient {
        try await connect(to: server.port)
    }

    static func connect(to port: Int) async throws -> RawClient {
        let (stream, continuation) = AsyncStream.makeStream(of: ByteBuffer.self)
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Receiver(continuation: continuation))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        return RawClient(channel: channel, stream: stream)
    }

    func send(_ text: String) async throws {
        try await send(ByteBuffer(string: text))
    }

    func send(_ bytes: ByteBuffer) async throws {
        try await channel.writeAndFlush(bytes)
    }

    /// Closes the sending side. The server may already have closed the connection.
    func closeOutput() async throws {
        do { try await channel.close(mode: .output) } catch ChannelError.alreadyClosed {}
    }

    func close() async {
        try? await channel.close()
    }

    /// Reads the next response. Throws `Closed` if the server closes the connection instead.
    /// - Parameter isHead: whether the request was HEAD, so that no body follows regardless of the length.
    func response(isHead: Bool = false) async throws -> Response {
        let end = Array("\r\n\r\n".utf8)
        var headEnd = received.firstRange(of: end)
        while headEnd == nil {
            try await receive()
            headEnd = received.firstRange(of: end)
        }
        guard let headEnd else { throw Closed() }
        let lines = String(decoding: received[..<headEnd.lowerBound], as: UTF8.self).split(separator: "\r\n")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = String(parts[1].trimmingSpaces())
        }
        received.removeSubrange(..<headEnd.upperBound)
        let length = isHead ? 0 : Int(headers["content-length", default: "0"]) ?? 0
        while received.count < length { try await receive() }
        let body = String(decoding: received[..<length], as: UTF8.self)
        received.removeSubrange(..<length)
        let status = lines.first.flatMap { Int($0.split(separator: " ")[1]) } ?? 0
        return Response(status: status, headers: headers, body: body)
    }

    /// Waits for input or the end. Returns whether the server closed the connection without sending more.
    func isClosed() async -> Bool {
        do {
            try await receive()
            return false
        } catch {
            return received.isEmpty
        }
    }

    private func receive() async throws {
        guard let bytes = await incoming.next(isolation: nil) else { throw Closed() }
        received.append(contentsOf: bytes.readableBytesView)
    }
}

private final class Receiver: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    let continuation: AsyncStream<ByteBuffer>.Continuation

    init(continuation: AsyncStream<ByteBuffer>.Continuation) {
        self.continuation = continuation
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        continuation.yield(unwrapInboundIn(data))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        continuation.finish()
    }
}
