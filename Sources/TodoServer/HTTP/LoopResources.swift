import NIOCore
import NIOHTTP1

/// Resources that the connections of one event loop share.
final class LoopResources {
    let executor: EventLoopExecutor
    let deadlines: DeadlineQueue<ConnectionHandler>
    let tasks: RequestTasks
    /// The handlers of open connections.
    var open: [ObjectIdentifier: ConnectionHandler] = [:]
    var encoder = ResponseEncoder()
    /// The buffer that responses are written to. All connections share it, because an idle connection needs none.
    var output = ByteBuffer()
    var memory: ConnectionMemory<ConnectionHandler>
    private var isShedding = false
    var ids = RequestIDs()

    let limits: Limits
    let connections: ConnectionCount
    let responder: Responder

    /// Minimum memory limit of one event loop: room for a few of the longest lists.
    private static let leastMemory = 4 * Limits.mebibyte

    /// - Parameter loops: the number of event loops that divide the memory limit.
    init(
        eventLoop: any EventLoop, limits: Limits, connections: ConnectionCount, responder: Responder, loops: Int = 1
    ) {
        executor = EventLoopExecutor(eventLoop: eventLoop)
        deadlines = DeadlineQueue(eventLoop: eventLoop)
        memory = ConnectionMemory(limit: max(limits.memory / loops, Self.leastMemory))
        tasks = RequestTasks(eventLoop: eventLoop, executor: executor, responder: responder)
        self.limits = limits
        self.connections = connections
        self.responder = responder
    }

    /// A connection's channel handlers, in order from the socket.
    func handlers(of origin: ClientOrigin) -> [any ChannelHandler] {
        var decoding = NIOHTTPDecoderLimitConfiguration()
        decoding.maxHeaderFieldSize = limits.head
        decoding.maxHeaderListSize = limits.head
        decoding.maxHeaderFieldCount = 100
        let gate = InputGate()
        let connection = ConnectionHandler(origin: origin, loop: self, gate: gate)
        gate.connection = connection
        return [gate, ByteToMessageHandler(HTTPRequestDecoder(limitConfiguration: decoding)), connection]
    }

    /// Closes the connections that hold the most memory until the rest are within the limit.
    func shed() {
        guard !isShedding else { return }
        isShedding = true
        defer { isShedding = false }
        while memory.isOver, let largest = memory.largest {
            // Its client may have read more in the meantime.
            largest.charge()
            if memory.largest === largest, memory.isOver { largest.giveWay() }
        }
    }

    /// Abandons what is still running at the end of the drain time.
    func giveUp() {
        tasks.stop()
        for handler in Array(open.values) { handler.giveUp() }
    }
}
