import DequeModule
import NIOCore
import NIOExtras
import NIOHTTP1

/// One client's connection: takes the parser's parts, has one request at a time answered, writes the answer's bytes.
///
/// Requests that are pipelined wait here. Everything happens on the connection's event loop.
final class ConnectionHandler: ChannelDuplexHandler, DeadlineOwner {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = Never
    typealias OutboundOut = ByteBuffer

    private enum Event {
        case part(HTTPServerRequestPart)
        case failure(HTTPError)
        case inputClosed
    }

    private static let keptOutput = 64 * 1024

    private let loop: LoopResources
    private var assembler: RequestAssembler
    var deadline = Deadline()
    private var context: ChannelHandlerContext?
    /// Whether there is room for this connection.
    private var isWelcome = true

    /// What came while a request was being answered.
    private var waiting = Deque<Event>()
    private var isResponding = false
    private var hasHeldRead = false
    /// The last answer is on its way: what still comes is thrown away.
    private var isFinished = false
    /// The last answer has left; the client may still be sending.
    private var isLingering = false
    private var isInputClosed = false
    private let presence = ClientPresence()
    private var isDraining = false
    /// What the client had not read when its time was last over: bytes that the socket had no room for.
    private var unreadOutput = 0

    init(origin: ClientOrigin, loop: LoopResources) {
        self.loop = loop
        self.assembler = RequestAssembler(bodyLimit: loop.limits.body, origin: origin)
    }

    // MARK: Inbound

    func handlerAdded(context: ChannelHandlerContext) {
        isWelcome = loop.connections.open()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        loop.connections.close()
    }

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        loop.open[ObjectIdentifier(self)] = self
        if isWelcome {
            expect(within: loop.limits.headTime)
        } else if loop.connections.isFlooded {
            return context.close(promise: nil)
        } else {
            refuse(.overloaded(retryAfterSeconds: 1))
        }
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        loop.deadlines.remove(self)
        loop.open[ObjectIdentifier(self)] = nil
        presence.leave()
        waiting.removeAll()
        isFinished = true
        self.context = nil
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        receive(.part(unwrapInboundIn(data)))
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // Bytes came and no head was made of them: from here on the head has its own, shorter time.
        if !isBusy, !isFinished, !assembler.isMidway {
            loop.deadlines.shorten(self, to: loop.limits.headTime)
        }
        context.fireChannelReadComplete()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case let error as HTTPParserError:
            receive(.failure(error == .headerOverflow ? .headTooLarge : .badRequest("Malformed HTTP")))
        // More bytes after those that were wrong: what is answered before them must still leave.
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

    // MARK: Answering

    private func start(_ request: Request, _ persistence: RequestAssembler.Persistence) {
        guard let context else { return }
        isResponding = true
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

    private func refuse(_ error: HTTPError) {
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
        // One long list must not stay for ever. A buffer that a slow client still reads from is left to it.
        if loop.output.capacity > Self.keptOutput { loop.output = ByteBuffer() } else { loop.output.clear() }
        loop.encoder.encode(
            response, of: id,
            framing: .init(omitsBody: omitsBody, closes: closes, confirmsKeepAlive: persistence.isHTTP10),
            into: &loop.output)
        if closes {
            isFinished = true
            close(
                context, after: loop.output, lingers: persistence.leavesInput || isDraining || !waiting.isEmpty)
            waiting.removeAll()
        } else {
            context.writeAndFlush(wrapOutboundOut(loop.output), promise: nil)
            expect(within: loop.limits.idleTime)
        }
        processWaiting()
    }

    /// A request is being answered, or a client does not read what it has been answered.
    private var isBusy: Bool {
        isResponding || context?.channel.isWritable == false
    }

    private func processWaiting() {
        while !isBusy, !isFinished, let event = waiting.popFirst() {
            process(event)
        }
        if hasHeldRead, !isBusy || waiting.isEmpty {
            hasHeldRead = false
            context?.read()
        }
    }

    /// Closes once all that was answered has left.
    private func end() {
        guard let context else { return }
        isFinished = true
        close(context, after: ByteBuffer(), lingers: false)
    }

    /// Sends what is last, and whatever was not sent before it. A client that is still sending would lose it to a reset
    /// if the socket were closed under its bytes, so those are read and dropped until it stops or its time is over.
    private func close(_ context: ChannelHandlerContext, after bytes: ByteBuffer, lingers: Bool) {
        // A client that does not read is given up as well.
        expect(within: loop.limits.idleTime)
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(bytes)).whenComplete { _ in
            let (handler, context) = bound.value
            guard lingers, !handler.isInputClosed else { return context.close(promise: nil) }
            handler.isLingering = true
            handler.expect(within: handler.loop.limits.lingerTime)
            context.close(mode: .output, promise: nil)
        }
    }

    // MARK: Flow

    /// Lets the socket be read, except while pipelined requests already wait: they bound what a client can queue.
    func read(context: ChannelHandlerContext) {
        if isBusy, !waiting.isEmpty {
            hasHeldRead = true
        } else {
            context.read()
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        processWaiting()
        context.fireChannelWritabilityChanged()
    }

    private func expect(within time: TimeAmount) {
        guard context != nil else { return }
        loop.deadlines.set(self, within: time)
    }

    func runOutOfTime() {
        if assembler.isMidway, !isFinished {
            refuse(.requestTimeout)
        } else if isDraining, !isFinished {
            end()
        } else if hasReadOn() {
            expect(within: loop.limits.idleTime)
        } else {
            context?.close(promise: nil)
        }
    }

    /// The server ends, and waits for nobody any more. Who has sent a request, or a part of one, is told.
    func giveUp() {
        if !isFinished, isResponding || assembler.isMidway {
            isDraining = true
            refuse(.overloaded(retryAfterSeconds: 1))
        }
        context?.close(promise: nil)
    }

    /// Whether the client still has something to read, and has read some of it since this was last asked: however slow
    /// it is, it is not idle.
    private func hasReadOn() -> Bool {
        let rest = (try? context?.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        defer { unreadOutput = rest }
        return rest > 0 && rest != unreadOutput
    }
}
