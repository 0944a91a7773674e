import Glibc
import NIOCore

/// Sends responses, and accounts for output that the client does not read.
extension ConnectionHandler {
    /// Bodies up to this length are copied behind the head. Longer ones are sent without a copy.
    private static let copiedBody = 8 * 1024
    /// Larger output buffers are not reused, so that one long response does not occupy memory forever.
    private static let keptOutput = 16 * 1024

    // MARK: Sending

    /// - Parameter sent: succeeds when the socket has taken the whole response.
    func send(
        _ response: Response, of id: RequestID, _ framing: ResponseEncoder.Framing, _ context: ChannelHandlerContext,
        sent: EventLoopPromise<Void>? = nil
    ) {
        // The unsent output may have left in the meantime.
        if output.unsent > 0 { updateUnsent() }
        var framing = framing
        var body = framing.omitsBody ? nil : response.body.bytes
        if let bytes = body, bytes.readableBytes <= Self.copiedBody { body = nil }
        framing.leavesBytes = body != nil
        // Do not reuse a buffer that still has unsent bytes.
        if output.unsent > 0 || loop.output.capacity > Self.keptOutput {
            loop.output = ByteBuffer()
        } else {
            loop.output.clear()
        }
        loop.encoder.encode(response, of: id, framing: framing, into: &loop.output)
        output.wrote(loop.output.readableBytes, memory: loop.output.storageCapacity)
        if let body {
            send(body, suffix: response.body.suffix, context, sent: sent)
        } else {
            context.writeAndFlush(wrapOutboundOut(loop.output), promise: sent)
        }
        if output.needsCheck { awaitReader() }
        if output.unsent > 0 { loop.output = ByteBuffer() }
    }

    /// Sends the encoded head, then a long body from memory that all its readers share.
    private func send(
        _ body: ByteBuffer, suffix: StaticString, _ context: ChannelHandlerContext, sent: EventLoopPromise<Void>?
    ) {
        let (bytes, lease) = loop.memory.bodies.take(body)
        state.beginLongBody()
        sharedMemory += lease.share
        let promise = sent ?? context.eventLoop.makePromise(of: Void.self)
        let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
        promise.futureResult.whenComplete { _ in handler.value.hasSentBody(lease) }
        context.write(wrapOutboundOut(loop.output), promise: nil)
        output.wrote(bytes.readableBytes + suffix.utf8CodeUnitCount, memory: 0)
        if suffix.utf8CodeUnitCount > 0 {
            context.write(wrapOutboundOut(bytes), promise: nil)
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(staticString: suffix)), promise: promise)
        } else {
            context.writeAndFlush(wrapOutboundOut(bytes), promise: promise)
        }
    }

    /// The socket has taken the body, or the connection has ended.
    private func hasSentBody(_ lease: SharedBodies.Lease) {
        loop.memory.bodies.giveBack(lease)
        sharedMemory -= lease.share
        guard state.endLongBody() else { return }
        charge()
        processWaiting()
    }

    // MARK: Waiting for the client

    /// Updates the number of bytes that the socket has not taken.
    private func updateUnsent() {
        output.update(unsent: (try? options?.getOption(.bufferedWritableBytes)) ?? 0)
    }

    /// Starts a window for the client to read unsent output, if there is any and no window is open.
    func awaitReader() {
        updateUnsent()
        guard output.unsent > 0, let context else { return }
        let now = context.eventLoop.now
        if output.deadline == nil {
            output.beginWindow(now: now, length: loop.limits.readWindow, inKernel: bytesInKernel)
        }
        if let deadline = output.deadline { expect(within: deadline - now) }
    }

    /// Ends the client's window: closes the connection if it has taken too little, and begins the next one otherwise.
    func judgeReader() {
        updateUnsent()
        guard output.unsent > 0, let context else { return expect(within: loop.limits.idleTime) }
        let inKernel = bytesInKernel
        let window = loop.limits.readWindow
        let minimum = max(1, Int(Int64(loop.limits.readRate) * window.nanoseconds / 1_000_000_000))
        guard output.taken(inKernel: inKernel) >= minimum else {
            loop.connections.counters.slow.add()
            return context.close(promise: nil)
        }
        output.beginWindow(now: context.eventLoop.now, length: window, inKernel: inKernel)
        expect(within: window)
        charge()
    }

    /// Bytes that the socket took and the client has not acknowledged.
    ///
    /// Without them a slow client would seem to pause: the kernel only takes more after much of its buffer has left.
    private var bytesInKernel: Int {
        var count: Int32 = 0
        try? context?.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) { socket in
            _ = ioctl(socket, UInt(TIOCOUTQ), &count)
        }
        return Int(count)
    }

    // MARK: Memory

    /// Whether the event loop counts memory of this connection.
    var isCharged: Bool { charged.map { $0 != Charge() } ?? false }

    /// Reports this connection's memory to the event loop, and has it close the largest connections if over the limit.
    func charge() {
        guard let charged else { return }
        if output.unsent > 0 { updateUnsent() }
        let own = gate.memory + output.memory
        let new = Charge(own: own < ConnectionMemory<ConnectionHandler>.unit ? 0 : own, shared: sharedMemory)
        guard new != charged else { return }
        loop.memory.change(self, from: charged, to: new)
        self.charged = new
        if loop.memory.isOver { loop.shed() }
    }

    /// From now on the connection counts as holding no memory.
    func uncharge() {
        guard let charged else { return }
        loop.memory.change(self, from: charged, to: Charge())
        self.charged = nil
    }

    /// Closes this connection to free memory, with a 503 if a request is incomplete and the client reads its output.
    func giveWay() {
        loop.connections.counters.shed.add()
        if state.isRefused(hasUnread: output.unsent > 0) {
            refuse(.overloaded(retryAfterSeconds: 1))
        } else {
            context?.close(promise: nil)
        }
        uncharge()
    }
}
