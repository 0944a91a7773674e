import NIOCore

/// What the connections of one event loop share.
final class LoopResources {
    let executor: EventLoopExecutor
    var ids = RequestIDs()
    private var encoder = ResponseEncoder()
    /// For one response after the other, so that no idle connection keeps memory for its next one.
    private var output = ByteBuffer()

    private static let keptOutput = 64 * 1024

    init(eventLoop: any EventLoop) {
        executor = EventLoopExecutor(eventLoop: eventLoop)
    }

    /// The response as bytes.
    func encode(_ response: Response, of id: RequestID, framing: ResponseEncoder.Framing) -> ByteBuffer {
        // One long list must not stay for ever.
        if output.capacity > Self.keptOutput { output = ByteBuffer() } else { output.clear() }
        encoder.encode(response, of: id, framing: framing, into: &output)
        return output
    }
}
