import Logging
import NIOCore
import NIOPosix

/// One pipelined connection to Redis, for one event loop and on it. Commands that are sent in one tick of the loop
/// leave in one write. It reconnects by itself for as long as it is not stopped.
final class RedisConnection {
    private let url: RedisURL
    /// Whom to believe, where Redis is spoken to over TLS.
    private let tls: TLSContext?
    private let timeout: TimeAmount
    private let eventLoop: any EventLoop
    private let logger: Logger
    /// Called whenever commands are accepted (again).
    var onReady: (() -> Void)?
    private var machine: RedisStateMachine<RedisWaiter>
    /// Of the Redis that is connected; nil while none is.
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

    /// Connects. The future succeeds when the first attempt is over, whatever came of it.
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

    /// How long a handshake may take, and after it the answers to the greeting.
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
        // The greeting has no waiters to time out: its time is bounded here.
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.scheduleTask(in: Self.greetingTime) {
            if case .greeting = bound.value.machine.phase { channel.close(promise: nil) }
        }
    }

    /// The connection is over, or was never made.
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

    /// Sends the command that is made for the connected Redis. The continuation is resumed within the timeout.
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
            // Once, and not again at each attempt: a wrong password stays wrong.
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

    /// Once a connection. That it does not know a script is no refusal: it is sent the script.
    private func warn(ofRefusal message: String) {
        guard !hasWarnedOfRefusal, !message.hasPrefix("NOSCRIPT") else { return }
        hasWarnedOfRefusal = true
        logger.warning("Redis rejected a command: \(message); continuing without its reply")
    }

    private func fail(_ waiters: [RedisWaiter], _ error: RedisError) {
        for waiter in waiters { waiter.resume(returning: .failure(error)) }
    }

    // MARK: Time

    /// A timer that fires too early sets itself again, so one is only replaced where it would be late.
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
