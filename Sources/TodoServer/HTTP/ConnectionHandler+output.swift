import Glibc
import NIOCore

/// Sending, and what it costs to wait for a client that does not read.
extension ConnectionHandler {
    /// Longer bodies are not copied behind the head: they go out as they are.
    private static let copiedBody = 8 * 1024
    /// One long response must not stay forever.
    private static let keptOutput = 16 * 1024

    // MARK: Sending

    /// - Parameter sent: succeeds when the socket has taken all of it.
    func send(
        _ response: Response, of id: RequestID, _ framing: ResponseEncoder.Framing, _ context: ChannelHandlerContext,
        sent: EventLoopPromise<Void>? = nil
    ) {
        isSending = true
        // What was unsent may have left long ago.
        if output.unsent > 0 { updateUnsent() }
        var framing = framing
        var body = framing.omitsBody ? nil : response.body.bytes
        if let bytes = body, bytes.readableBytes <= Self.copiedBody { body = nil }
        framing.leavesBytes = body != nil
        // A buffer that a client has not taken yet is left to it.
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
        isSending = false
        if output.needsCheck { awaitReader() }
        if output.unsent > 0 { loop.output = ByteBuffer() }
    }

    /// Sends what was written, and after it a long body, from memory that all its readers share.
    private func send(
        _ body: ByteBuffer, suffix: StaticString, _ context: ChannelHandlerContext, sent: EventLoopPromise<Void>?
    ) {
        let (bytes, lease) = loop.memory.bodies.take(body)
        longBodies += 1
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
        longBodies -= 1
        sharedMemory -= lease.share
        guard !isSending, context != nil else { return }
        charge()
        processWaiting()
    }

    // MARK: Waiting for the client

    /// Bytes that the socket has no room for.
    private func updateUnsent() {
        output.update(unsent: (try? options?.getOption(.bufferedWritableBytes)) ?? 0)
    }

    /// Gives the client its time to read what the socket has no room for, if there is any.
    func awaitReader() {
        updateUnsent()
        guard output.unsent > 0, let context else { return }
        let now = context.eventLoop.now
        if output.deadline == nil {
            output.beginWindow(now: now, length: loop.limits.readWindow, inKernel: bytesInKernel)
        }
        if let deadline = output.deadline { expect(within: deadline - now) }
    }

    /// The client's window is over: the next one begins, unless it has taken too little.
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

    /// Bytes that the socket took and the client has not acknowledged. Without them a slow client would seem to pause: the
    /// kernel takes the next bytes only after many of them have left.
    private var bytesInKernel: Int {
        var count: Int32 = 0
        try? context?.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) { socket in
            _ = ioctl(socket, UInt(TIOCOUTQ), &count)
        }
        return Int(count)
    }

    // MARK: Memory

    /// Tells the event loop what this connection holds, and has it close those that hold most if all hold too much.
    func charge() {
        var new = ConnectionMemory<ConnectionHandler>.Charge()
        if !isGone {
            if output.unsent > 0 { updateUnsent() }
            new.own = gate.memory + output.memory
            new.shared = sharedMemory
            if new.own < ConnectionMemory<ConnectionHandler>.unit { new.own = 0 }
        }
        guard new != charged else { return }
        loop.memory.change(self, from: charged, to: new)
        charged = new
        if loop.memory.isOver { loop.shed() }
    }

    /// Others need the memory: this connection is closed, after a 503 if it has sent a part of a request and reads.
    func giveWay() {
        loop.connections.counters.shed.add()
        if assembler.isMidway, !isFinished, !isResponding, output.unsent == 0 {
            refuse(.overloaded(retryAfterSeconds: 1))
        } else {
            context?.close(promise: nil)
        }
        isGone = true
        charge()
    }
}
