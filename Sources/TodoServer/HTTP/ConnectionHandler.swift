import DequeModule
import NIOCore
import NIOExtras
import NIOHTTP1

/// One client's connection: takes the parser's parts, handles one request at a time, and writes the response.
///
/// `ConnectionState` decides what happens when. Pipelined requests wait in the gate before the parser. Everything runs
/// on the connection's event loop.
final class ConnectionHandler: ChannelDuplexHandler, DeadlineOwner {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = Never
    typealias OutboundOut = ByteBuffer
    typealias Charge = ConnectionMemory<ConnectionHandler>.Charge

    private enum Event {
        case part(HTTPServerRequestPart)
        case failure(HTTPError)
        case inputClosed
    }

    let loop: LoopResources
    let gate: InputGate
    /// The address that this connection counts for; nil for a trusted proxy.
    private let address: ClientAddress?
    private var place = ConnectionCount.Place.served
    private let presence = ClientPresence()

    var state = ConnectionState()
    private var assembler: RequestAssembler
    /// Events that arrived while the connection was busy. At most one request is parsed ahead.
    private var waiting = Deque<Event>()
    var deadline = Deadline()
    private(set) var context: ChannelHandlerContext?
    /// The channel's options, while it is open.
    private(set) var options: (any NIOSynchronousChannelOptions)?

    var output = UnsentOutput()
    /// This connection's part of the memory of long bodies that the socket has not taken yet.
    var sharedMemory = 0
    /// The memory last reported to the event loop; nil once the connection is closed or about to close, and counts as
    /// holding none.
    var charged: Charge? = Charge()

    init(origin: ClientOrigin, loop: LoopResources, gate: InputGate) {
        self.loop = loop
        self.gate = gate
        self.address = origin.isProxy ? nil : origin.peer
        self.assembler = RequestAssembler(bodyLimit: loop.limits.body, origin: origin)
    }

    // MARK: The channel

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
        state.close()
        loop.deadlines.remove(self)
        loop.open[ObjectIdentifier(self)] = nil
        presence.leave()
        waiting.removeAll()
        uncharge()
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

    func read(context: ChannelHandlerContext) {
        if state.read(isHolding: isHolding) { context.read() }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if state.writabilityChanged(to: context.channel.isWritable) {
            charge()
            processWaiting()
        }
        context.fireChannelWritabilityChanged()
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
        case ChannelEvent.inputClosed:
            presence.closeInput()
            if state.closeInput() { context.close(promise: nil) } else { receive(.inputClosed) }
        case is ChannelShouldQuiesceEvent:
            if state.drain() { expect(within: loop.limits.drainTime) }
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    // MARK: Requests

    private func receive(_ event: Event) {
        switch state.input {
        case .process: process(event)
        case .wait: waiting.append(event)
        case .discard: break
        }
    }

    private func process(_ event: Event) {
        switch event {
        case .part(let part):
            switch assembler.receive(part) {
            case .wait: if case .head = part { expectBody() }
            case .invite:
                expectBody()
                context?.writeAndFlush(
                    wrapOutboundOut(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")), promise: nil)
            case .handle(let request, let persistence): start(request, persistence)
            case .refuse(let error): refuse(error)
            }
        case .failure(let error): refuse(error)
        case .inputClosed: end()
        }
    }

    private func expectBody() {
        state.beginRequest()
        expect(within: loop.limits.bodyTime)
    }

    private func start(_ request: Request, _ persistence: RequestAssembler.Persistence) {
        guard let context else { return }
        state.handleRequest(isWrite: request.method != .GET && request.method != .HEAD)
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
        guard let context else { return }
        let action = state.respond(
            isKeptAlive: persistence.isKeptAlive, leavesInput: persistence.leavesInput, isHolding: isHolding)
        guard action != .drop else { return }
        let framing = ResponseEncoder.Framing(
            omitsBody: omitsBody, closes: action == .sendLast, confirmsKeepAlive: persistence.isHTTP10)
        expect(within: loop.limits.idleTime)
        if action == .sendLast {
            waiting.removeAll()
            assembler.abandon()
            send(response, of: id, framing, context, sent: lastWrite(context))
        } else {
            send(response, of: id, framing, context)
        }
        if waiting.isEmpty { gate.forgetFed() }
        charge()
        switch state.sent(isHolding: isHolding) {
        case .proceed: processWaiting()
        case .yield: yieldTurn(context)
        }
    }

    /// A promise for the last write, which closes the connection when it completes.
    private func lastWrite(_ context: ChannelHandlerContext) -> EventLoopPromise<Void> {
        let promise = context.eventLoop.makePromise(of: Void.self)
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        promise.futureResult.whenComplete { _ in
            let (handler, context) = bound.value
            handler.output.update(unsent: 0)
            switch handler.state.sentLast() {
            case .close: context.close(promise: nil)
            case .linger:
                handler.expect(within: handler.loop.limits.lingerTime)
                context.close(mode: .output, promise: nil)
            }
        }
        return promise
    }

    // MARK: Waiting input

    /// Whether input waits until the connection is no longer busy.
    private var isHolding: Bool { !waiting.isEmpty || gate.isHolding }

    func processWaiting() {
        while !waiting.isEmpty, state.input == .process, let event = waiting.popFirst() {
            process(event)
        }
        gate.feed()
        if gate.fed > 0 { expectRestOfHead() }
        if state.releaseRead(isHolding: isHolding) { context?.read() }
    }

    /// Lets the event loop serve its other sockets before the next pipelined request.
    ///
    /// This needs a timer, because the loop runs immediate tasks until none is left before it looks at its sockets.
    private func yieldTurn(_ context: ChannelHandlerContext) {
        let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: Self.pause) {
            handler.value.state.endYield()
            handler.value.processWaiting()
        }
    }

    private static let pause = TimeAmount.microseconds(50)

    // MARK: Time

    func expect(within time: TimeAmount) {
        guard context != nil else { return }
        loop.deadlines.set(self, within: time)
    }

    /// Applies the shorter time limit for a head, after some of its bytes have arrived.
    private func expectRestOfHead() {
        if state.awaitsHead { loop.deadlines.shorten(self, to: loop.limits.headTime) }
    }

    func runOutOfTime() {
        switch state.timeout(isJudged: output.deadline != nil) {
        case .refuse: refuse(.requestTimeout)
        case .end: end()
        case .judgeReader: judgeReader()
        case .close:
            awaitReader()
            if output.deadline == nil { context?.close(promise: nil) }
        }
    }

    /// Closes the connection once all responses have left.
    private func end() {
        guard let context else { return }
        state.end()
        expect(within: loop.limits.idleTime)
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: lastWrite(context))
        awaitReader()
    }

    /// Closes the connection at the end of the drain time, with an error if a request is incomplete or being handled.
    func giveUp() {
        switch state.abandonment {
        case .overloaded: refuse(.overloaded(retryAfterSeconds: 1))
        case .outcomeUnknown: refuse(.outcomeUnknown)
        case nil: break
        }
        context?.close(promise: nil)
    }
}
