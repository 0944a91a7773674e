import Logging
import NIOCore
import NIOPosix

/// One event loop's pipelined connection to Redis. All commands sent in one tick of the loop leave in one write.
///
/// It reconnects automatically until it is stopped. It must only be used on its event loop.
final class RedisConnection {
    private let url: RedisURL
    /// Which certificates to trust; nil without TLS.
    private let tls: TLSContext?
    private let timeout: TimeAmount
    private let eventLoop: any EventLoop
    private let logger: Logger
    /// Called whenever the connection starts to accept commands.
    var onReady: (() -> Void)?
    private var machine: RedisStateMachine<RedisWaiter>
    /// Identifies the connected Redis; nil while not connected.
    private var identity: RedisIdentity?
    private var channel: (any Channel)?
    private var output = ByteBuffer()
    private var isFlushScheduled = false
    private var timer: (fires: NIODeadline, task: Scheduled<Void>)?
    private var hasWarned = false
    private var hasWarnedOfRefusal = false
    private var firstAttempt: EventLoopPromise<Void>?

    init(url: RedisURL, tls: TLSContext?, timeout: TimeAmount, eventLoop: any EventLoop, logger: Logger) {
        self.url = url
        self.tls = tls
        self.timeout = timeout
        machine = RedisStateMachine(timeout: timeout)
        self.eventLoop = eventLoop
        self.logger = logger
    }

    var isReady: Bool { machine.phase == .ready }

    // MARK: Connecting

    /// Starts to connect. The future succeeds when the first attempt has succeeded or failed.
    func start() -> EventLoopFuture<Void> {
        let promise = eventLoop.makePromise(of: Void.self)
        firstAttempt = promise
        connect()
        return promise.futureResult
    }

    private func connect() {
        guard machine.connect() else { return }
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        let bootstrap = ClientBootstrap(group: eventLoop)
            .connectTimeout(timeout)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers(bound.value.handlers())
                }
            }
        let channel =
            switch url.endpoint {
            case .tcp(let host, let port), .tls(let host, let port):
                bootstrap.channelOption(.tcpOption(.tcp_nodelay), value: 1).connect(host: host, port: port)
            case .unix(let path): bootstrap.connect(unixDomainSocketPath: path)
            }
        channel.whenFailure { error in bound.value.ended(cause: "\(error)") }
    }

    private func handlers() throws -> [any ChannelHandler] {
        let handler = RedisChannelHandler(connection: self)
        guard let tls, case .tls(let host, _) = url.endpoint else { return [handler] }
        return [try TLSClientHandler(TLSClient(host: host, tls), patience: Self.greetingTime), handler]
    }

    /// Time limit for a TLS handshake, and for the replies to the greeting after it.
    private static let greetingTime = TimeAmount.milliseconds(500)

    func connected(_ channel: any Channel) {
        let greeting = url.greeting
        guard machine.connected(greeting: greeting.count) else {
            channel.close(promise: nil)
            return
        }
        self.channel = channel
        output.clear()
        for command in greeting { command.write(into: &output) }
        flush()
        // The greeting has no waiters that could time out, so its time is limited here.
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.scheduleTask(in: Self.greetingTime) {
            if case .greeting = bound.value.machine.phase { channel.close(promise: nil) }
        }
    }

    /// The connection ended or could not be made.
    func ended(cause: String) {
        let wasReady = identity != nil
        channel = nil
        identity = nil
        timer?.task.cancel()
        timer = nil
        let action = machine.ended(jitter: .random(in: 0...1))
        endFirstAttempt()
        switch action {
        case .stop(let failed): fail(failed, .disconnected)
        case .reconnect(let delay, let failed):
            if wasReady || !hasWarned {
                hasWarned = true
                logger.warning("Redis is unavailable: \(cause); continuing without it")
            }
            fail(failed, .disconnected)
            let bound = NIOLoopBound(self, eventLoop: eventLoop)
            eventLoop.scheduleTask(in: delay) { bound.value.connect() }
        }
    }

    private func endFirstAttempt() {
        firstAttempt?.succeed()
        firstAttempt = nil
    }

    func stop() {
        fail(machine.stop(), .unavailable)
        timer?.task.cancel()
        endFirstAttempt()
        channel?.close(promise: nil)
    }

    // MARK: Commands

    /// Builds the command for the connected Redis and sends it. Resumes the continuation within the timeout.
    func submit(
        _ command: (RedisIdentity) -> RedisCommand, _ continuation: UnsafeContinuation<RedisAnswer, Never>
    ) {
        let waiter = RedisWaiter(continuation: continuation, identity: identity)
        guard let identity, machine.submit(waiter, now: .now()) == .write else {
            waiter.resume(returning: .failure(.unavailable))
            return
        }
        command(identity).write(into: &output)
        scheduleFlush()
        setTimer()
    }

    private func scheduleFlush() {
        guard !isFlushScheduled else { return }
        isFlushScheduled = true
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.execute { bound.value.flush() }
    }

    private func flush() {
        isFlushScheduled = false
        guard let channel, output.readableBytes > 0 else { return }
        channel.writeAndFlush(output, promise: nil)
        output.clear()
    }

    func received(_ reply: RedisReply) {
        switch machine.received(reply) {
        case .deliver(let waiter): deliver(reply, to: waiter)
        case .deliverAndClose(let waiter):
            deliver(reply, to: waiter)
            channel?.close(promise: nil)
        case .drop: break
        case .acceptAgain: onReady?()
        case .becomeReady(let identity):
            self.identity = identity
            if hasWarned { logger.notice("Redis is available again") }
            hasWarned = false
            hasWarnedOfRefusal = false
            onReady?()
            endFirstAttempt()
        case .close(let error):
            // Logged once, not at every attempt: a wrong password stays wrong.
            if !hasWarned { logger.error("\(error.reason); continuing without Redis") }
            hasWarned = true
            channel?.close(promise: nil)
        }
    }

    private func deliver(_ reply: RedisReply, to waiter: RedisWaiter) {
        if case .error(let message) = reply {
            warn(ofRefusal: message)
            waiter.resume(returning: .failure(.refused(message)))
        } else {
            waiter.resume(returning: .success(reply))
        }
    }

    /// Warns once per connection. NOSCRIPT is not a rejection: the script is sent next.
    private func warn(ofRefusal message: String) {
        guard !hasWarnedOfRefusal, !message.hasPrefix("NOSCRIPT") else { return }
        hasWarnedOfRefusal = true
        logger.warning("Redis rejected a command: \(message); continuing without its reply")
    }

    private func fail(_ waiters: [RedisWaiter], _ error: RedisError) {
        for waiter in waiters { waiter.resume(returning: .failure(error)) }
    }

    // MARK: Time

    /// Replaces the timer only if it would fire too late. One that fires too early is set again.
    private func setTimer() {
        guard let deadline = machine.nextDeadline else { return }
        if let timer {
            guard deadline < timer.fires else { return }
            timer.task.cancel()
        }
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        timer = (deadline, eventLoop.scheduleTask(deadline: deadline) { bound.value.expire() })
    }

    private func expire() {
        timer = nil
        let expiry = machine.expire(now: .now())
        fail(expiry.timedOut, .timedOut)
        if expiry.closes { channel?.close(promise: nil) }
        setTimer()
    }
}
