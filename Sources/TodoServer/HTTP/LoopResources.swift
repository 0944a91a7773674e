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
    /// Where responses are written before they are sent: one for all connections, since an idle one needs none.
    var output = ByteBuffer()
    var memory: ConnectionMemory<ConnectionHandler>
    private var isShedding = false
    var ids = RequestIDs()

    let limits: Limits
    let connections: ConnectionCount
    let responder: Responder

    /// A few of the longest lists.
    private static let leastMemory = 4 * Limits.mebibyte

    /// - Parameter loops: how many event loops share the memory of all connections.
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

    /// The handlers of a connection, from the socket on.
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

    /// Closes the connections that hold most, until all together hold no more than they may.
    func shed() {
        guard !isShedding else { return }
        isShedding = true
        defer { isShedding = false }
        while memory.isOver, let largest = memory.largest {
            // Its client may have read on meanwhile.
            largest.charge()
            if memory.largest === largest, memory.isOver { largest.giveWay() }
        }
    }

    /// The time to drain is over: what is still under way is given up.
    func giveUp() {
        tasks.stop()
        for handler in Array(open.values) { handler.giveUp() }
    }
}
