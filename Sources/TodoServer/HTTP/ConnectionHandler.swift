import DequeModule
import NIOCore
import NIOExtras
import NIOHTTP1

/// One client's connection: takes the parser's parts, handles one request at a time, and writes the response.
///
/// Pipelined requests wait in the gate before the parser. Everything runs on the connection's event loop.
final class ConnectionHandler: ChannelDuplexHandler, DeadlineOwner {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = Never
    typealias OutboundOut = ByteBuffer

    private enum Event {
        case part(HTTPServerRequestPart)
        case failure(HTTPError)
        case inputClosed
    }

    let loop: LoopResources
    let gate: InputGate
    /// The address that this connection counts for; nil for a trusted proxy.
    private let address: ClientAddress?
    private(set) var assembler: RequestAssembler
    var deadline = Deadline()
    private(set) var context: ChannelHandlerContext?
    /// The channel's options, while it is open.
    private(set) var options: (any NIOSynchronousChannelOptions)?
    private var place = ConnectionCount.Place.served

    /// Events that arrived while the connection was busy. At most one request is parsed ahead.
    private var waiting = Deque<Event>()
    private(set) var isResponding = false
    /// Whether the request being handled may change something: it is not GET or HEAD.
    private(set) var isWriting = false
    private var hasHeldRead = false
    /// Whether the connection yields to others before its next pipelined request.
    private var isYielding = false
    /// Responses since the last time that it yielded.
    private var answeredInTurn = 0
    /// The last response is being sent. Further input is discarded.
    private(set) var isFinished = false
    /// The last response has left. The client may still be sending.
    private var isLingering = false
    private var isInputClosed = false
    private let presence = ClientPresence()
    private var isDraining = false

    var output = UnsentOutput()
    /// A response is being written. What its writes trigger is handled afterwards.
    var isSending = false
    /// The number of long bodies that the socket has not taken yet, and this connection's part of their memory.
    var longBodies = 0
    var sharedMemory = 0
    /// The memory last reported to the event loop.
    var charged = ConnectionMemory<ConnectionHandler>.Charge()
    var isCharged: Bool { charged != .init() }
    /// The connection is closed or about to close, and counts as holding no memory.
    var isGone = false

    init(origin: ClientOrigin, loop: LoopResources, gate: InputGate) {
        self.loop = loop
        self.gate = gate
        self.address = origin.isProxy ? nil : origin.peer
        self.assembler = RequestAssembler(bodyLimit: loop.limits.body, origin: origin)
    }

    // MARK: Inbound

    func handlerAdded(context: ChannelHandlerContext) {
        place = loop.connections.open(from: address)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        loop.connections.close(from: address)
    }

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        options = context.channel.syncOptions
        loop.open[ObjectIdentifier(self)] = self
        switch place {
        case .served: expect(within: loop.limits.headTime)
        case .refused: refuse(.overloaded(retryAfterSeconds: 1))
        case .dropped: return context.close(promise: nil)
        }
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        loop.deadlines.remove(self)
        loop.open[ObjectIdentifier(self)] = nil
        presence.leave()
        waiting.removeAll()
        isFinished = true
        isGone = true
        charge()
        self.context = nil
        options = nil
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        receive(.part(unwrapInboundIn(data)))
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        expectRestOfHead()
        context.fireChannelReadComplete()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case let error as HTTPParserError:
            receive(.failure(error == .headerOverflow ? .headTooLarge : .badRequest("Malformed HTTP")))
        // More bytes after malformed ones. Do not close: the response to the malformed ones must still be sent.
        case is ByteToMessageDecoderError: break
        default: context.close(promise: nil)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case ChannelEvent.inputClosed: receive(.inputClosed)
        case is ChannelShouldQuiesceEvent:
            isDraining = true
            if !isResponding, !isFinished, !assembler.isMidway { expect(within: loop.limits.drainTime) }
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    private func receive(_ event: Event) {
        if case .inputClosed = event {
            isInputClosed = true
            presence.closeInput()
        }
        if isFinished {
            if isInputClosed, isLingering { context?.close(promise: nil) }
        } else if isBusy {
            waiting.append(event)
        } else {
            process(event)
        }
    }

    private func process(_ event: Event) {
        switch event {
        case .part(let part):
            switch assembler.receive(part) {
            case .wait: if case .head = part { expect(within: loop.limits.bodyTime) }
            case .invite:
                expect(within: loop.limits.bodyTime)
                context?.writeAndFlush(
                    wrapOutboundOut(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")), promise: nil)
            case .handle(let request, let persistence): start(request, persistence)
            case .refuse(let error): refuse(error)
            }
        case .failure(let error): refuse(error)
        case .inputClosed: end()
        }
    }

    // MARK: Responding

    private func start(_ request: Request, _ persistence: RequestAssembler.Persistence) {
        guard let context else { return }
        isResponding = true
        isWriting = request.method != .GET && request.method != .HEAD
        loop.deadlines.suspend(self)
        var request = request
        let id = request.fields.requestID.flatMap(RequestID.init) ?? loop.ids.next()
        request.id = id
        request.presence = presence
        let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
        let omitsBody = request.method == .HEAD
        loop.tasks.answer(
            RequestTasks.Job(request: request) {
                handler.value.finish($0, of: id, omitsBody: omitsBody, persistence)
            })
    }

    func refuse(_ error: HTTPError) {
        let id = loop.ids.next()
        finish(
            loop.responder.refuse(error, id), of: id, omitsBody: false,
            .init(isKeptAlive: false, isHTTP10: false, leavesInput: true))
    }

    private func finish(
        _ response: Response, of id: RequestID, omitsBody: Bool, _ persistence: RequestAssembler.Persistence
    ) {
        guard let context, context.channel.isActive else { return }
        isResponding = false
        let closes = !persistence.isKeptAlive || isDraining
        let framing = ResponseEncoder.Framing(
            omitsBody: omitsBody, closes: closes, confirmsKeepAlive: persistence.isHTTP10)
        expect(within: loop.limits.idleTime)
        if closes {
            isFinished = true
            let lingers = persistence.leavesInput || isDraining || isHolding
            waiting.removeAll()
            assembler.abandon()
            send(response, of: id, framing, context, sent: lastWrite(context, lingers: lingers))
        } else {
            send(response, of: id, framing, context)
        }
        if waiting.isEmpty { gate.forgetFed() }
        charge()
        answeredInTurn += 1
        if isHolding, answeredInTurn >= Self.longestTurn { yieldTurn() } else { processWaiting() }
    }

    /// Lets the event loop serve its other sockets before the next pipelined request.
    ///
    /// This needs a timer, because the loop runs immediate tasks until none is left before it looks at its sockets.
    private func yieldTurn() {
        guard let context else { return }
        isYielding = true
        let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: Self.pause) {
            handler.value.isYielding = false
            handler.value.answeredInTurn = 0
            handler.value.processWaiting()
        }
    }

    /// Maximum number of pipelined requests handled before other connections are served.
    private static let longestTurn = 16
    private static let pause = TimeAmount.microseconds(50)

    /// Whether a request is being handled, the connection yields to others, or the client does not read its responses.
    var isBusy: Bool {
        isResponding || isYielding || longBodies > 0 || context?.channel.isWritable == false
    }

    /// Whether input waits until the connection is no longer busy.
    private var isHolding: Bool { !waiting.isEmpty || gate.isHolding }

    func processWaiting() {
        while !isBusy, !isFinished, let event = waiting.popFirst() {
            process(event)
        }
        gate.feed()
        if gate.fed > 0 { expectRestOfHead() }
        if hasHeldRead, !isBusy || !isHolding {
            hasHeldRead = false
            context?.read()
        }
    }

    /// Applies the shorter time limit for a head, after some of its bytes have arrived.
    private func expectRestOfHead() {
        if !isBusy, !isFinished, !assembler.isMidway {
            loop.deadlines.shorten(self, to: loop.limits.headTime)
        }
    }

    /// Closes the connection once all responses have left.
    private func end() {
        guard let context else { return }
        isFinished = true
        expect(within: loop.limits.idleTime)
        context.writeAndFlush(
            wrapOutboundOut(ByteBuffer()), promise: lastWrite(context, lingers: false))
        awaitReader()
    }

    /// A promise for the last write, which closes the connection when it completes.
    ///
    /// Closing while the client still sends would reset the connection, and the client could lose the response. So
    /// input is read and discarded until the client stops sending or the linger time is over.
    private func lastWrite(_ context: ChannelHandlerContext, lingers: Bool) -> EventLoopPromise<Void> {
        let promise = context.eventLoop.makePromise(of: Void.self)
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        promise.futureResult.whenComplete { _ in
            let (handler, context) = bound.value
            handler.output.update(unsent: 0)
            guard lingers, !handler.isInputClosed else { return context.close(promise: nil) }
            handler.isLingering = true
            handler.expect(within: handler.loop.limits.lingerTime)
            context.close(mode: .output, promise: nil)
        }
        return promise
    }

    // MARK: Flow

    /// Reads from the socket, except while earlier bytes wait, so that a client can queue at most one read.
    func read(context: ChannelHandlerContext) {
        if isBusy, isHolding {
            hasHeldRead = true
        } else {
            context.read()
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if !isSending {
            charge()
            processWaiting()
        }
        context.fireChannelWritabilityChanged()
    }

    func expect(within time: TimeAmount) {
        guard context != nil else { return }
        loop.deadlines.set(self, within: time)
    }

    func runOutOfTime() {
        if assembler.isMidway, !isFinished {
            refuse(.requestTimeout)
        } else if isDraining, !isFinished {
            end()
        } else if output.deadline != nil {
            judgeReader()
        } else {
            awaitReader()
            if output.deadline == nil { context?.close(promise: nil) }
        }
    }

    /// Closes the connection at the end of the drain time, with an error if a request is incomplete or being handled.
    func giveUp() {
        if !isFinished, isResponding || assembler.isMidway {
            isDraining = true
            refuse(isResponding && isWriting ? .outcomeUnknown : .overloaded(retryAfterSeconds: 1))
        }
        context?.close(promise: nil)
    }
}
