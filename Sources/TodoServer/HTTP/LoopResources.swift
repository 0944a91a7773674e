import NIOCore
import NIOHTTP1

/// What the connections of one event loop share.
final class LoopResources {
    let executor: EventLoopExecutor
    let deadlines: DeadlineQueue<ConnectionHandler>
    let tasks: RequestTasks
    /// The connections that are open, by their handlers.
    var open: [ObjectIdentifier: ConnectionHandler] = [:]
    var encoder = ResponseEncoder()
    /// Where answers are written before they are sent: one for all connections, for an idle one needs none.
    var output = ByteBuffer()
    var ids = RequestIDs()

    let limits: Limits
    let connections: ConnectionCount
    let responder: Responder

    init(eventLoop: any EventLoop, limits: Limits, connections: ConnectionCount, responder: Responder) {
        executor = EventLoopExecutor(eventLoop: eventLoop)
        deadlines = DeadlineQueue(eventLoop: eventLoop)
        tasks = RequestTasks(eventLoop: eventLoop, executor: executor, responder: responder)
        self.limits = limits
        self.connections = connections
        self.responder = responder
    }

    /// The handlers of a connection, from the socket on.
    func handlers(of origin: ClientOrigin) -> [any ChannelHandler] {
        var decoding = NIOHTTPDecoderLimitConfiguration()
        decoding.maxHeaderFieldSize = limits.head
        decoding.maxHeaderListSize = limits.head
        decoding.maxHeaderFieldCount = 100
        return [
            ByteToMessageHandler(HTTPRequestDecoder(limitConfiguration: decoding)),
            ConnectionHandler(origin: origin, loop: self),
        ]
    }

    /// The time to drain is over: what is still under way is given up.
    func giveUp() {
        tasks.stop()
        for handler in Array(open.values) { handler.giveUp() }
    }
}
