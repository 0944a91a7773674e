import DequeModule
import NIOCore

/// What a Redis connection does next, as a pure value: events in, actions out.
///
/// Replies come in the order of commands, so the commands in flight are a queue. One that timed out stays in it as
/// a tombstone, for its reply is still to come and must not be taken for the next one's. While the head is a
/// tombstone nothing sent now could be answered sooner, so commands are refused at once instead.
package struct RedisStateMachine<Waiter> {
    package enum Phase: Equatable {
        case disconnected
        case connecting
        /// Connected; this many replies to the greeting are still to come.
        case greeting(Int)
        case ready
        /// What came was no answer: nothing more is taken from this connection, which is about to end.
        case closing
        case stopped
    }

    private enum Entry {
        case waiting(Waiter, deadline: NIODeadline)
        case tombstone(since: NIODeadline)
    }

    package enum SubmitAction: Equatable {
        case write
        case refuse
    }

    package enum ReplyAction {
        case deliver(Waiter)
        case drop
        /// A late reply, and nobody's. Nothing older is outstanding: commands are accepted again.
        case acceptAgain
        /// The greeting is answered, by this Redis: commands are accepted from now on.
        case becomeReady(RedisIdentity)
        /// Deliver, and close the connection: this Redis has become a replica, and its address may name another by now.
        case deliverAndClose(Waiter)
        /// Close the connection: what comes back is not an answer to what was sent.
        case close(RedisError)
    }

    package enum EndAction {
        /// Connect again after the delay; what was in flight has failed.
        case reconnect(after: TimeAmount, failed: [Waiter])
        case stop(failed: [Waiter])
    }

    package struct Expiry {
        package var timedOut: [Waiter]
        /// Redis has not answered for so long that the connection itself is in doubt.
        package var closes: Bool
    }

    package private(set) var phase = Phase.disconnected
    private var queue = Deque<Entry>()
    private var failedAttempts = 0

    private let timeout: TimeAmount
    private let silence: TimeAmount

    /// - Parameters:
    ///   - timeout: how long a command may take.
    ///   - silence: how long after a timeout the connection is given up.
    package init(timeout: TimeAmount = .milliseconds(250), silence: TimeAmount = .seconds(1)) {
        self.timeout = timeout
        self.silence = silence
    }

    package var inFlight: Int { queue.count }

    // MARK: Connecting

    package mutating func connect() -> Bool {
        guard phase == .disconnected else { return false }
        phase = .connecting
        return true
    }

    /// - Parameter greeting: how many commands are sent first.
    /// - Returns: whether the connection is wanted.
    package mutating func connected(greeting: Int) -> Bool {
        guard phase == .connecting else { return false }
        phase = .greeting(greeting)
        return true
    }

    /// The connection ended, or none came about.
    /// - Parameter jitter: in 0...1; spreads the instances that lost the same Redis.
    package mutating func ended(jitter: Double) -> EndAction {
        let failed = failAll()
        guard phase != .stopped else { return .stop(failed: failed) }
        if phase == .ready { failedAttempts = 0 }
        phase = .disconnected
        let delay = Backoff.delay(attempt: failedAttempts, jitter: jitter)
        failedAttempts += 1
        return .reconnect(after: delay, failed: failed)
    }

    package mutating func stop() -> [Waiter] {
        phase = .stopped
        return failAll()
    }

    private mutating func failAll() -> [Waiter] {
        defer { queue.removeAll() }
        return queue.compactMap { if case .waiting(let waiter, _) = $0 { waiter } else { nil } }
    }

    // MARK: Commands

    package mutating func submit(_ waiter: Waiter, now: NIODeadline) -> SubmitAction {
        guard phase == .ready else { return .refuse }
        if case .tombstone? = queue.first { return .refuse }
        queue.append(.waiting(waiter, deadline: now + timeout))
        return .write
    }

    package mutating func received(_ reply: RedisReply) -> ReplyAction {
        switch phase {
        case .greeting(let left):
            if case .error(let message) = reply {
                phase = .closing
                return .close(.refused(message))
            }
            guard left == 1 else {
                phase = .greeting(left - 1)
                return .drop
            }
            do {
                let identity = try Self.identity(in: reply)
                phase = .ready
                return .becomeReady(identity)
            } catch {
                phase = .closing
                return .close(error)
            }
        case .ready: break
        case .disconnected, .connecting, .closing, .stopped: return .drop
        }
        switch queue.popFirst() {
        case .waiting(let waiter, _):
            guard reply.saysReadOnly else { return .deliver(waiter) }
            phase = .closing
            return .deliverAndClose(waiter)
        case .tombstone:
            if case .tombstone? = queue.first { return .drop }
            return .acceptAgain
        case nil:
            failedAttempts = 0
            phase = .closing
            return .close(.protocolViolation("a reply without a command"))
        }
    }

    /// The last reply to the greeting is that to `INFO`.
    private static func identity(in reply: RedisReply) throws(RedisError) -> RedisIdentity {
        guard case .bulk(let info) = reply else { throw .protocolViolation("the reply to INFO is not text") }
        return try RedisIdentity(info: String(buffer: info))
    }

    // MARK: Time

    /// When `expire` is to be called next: where the silence gets too long, or the first that waits runs out of time.
    package var nextDeadline: NIODeadline? {
        var silenceEnds: NIODeadline?
        for entry in queue {
            switch entry {
            case .waiting(_, let deadline): return silenceEnds.map { min($0, deadline) } ?? deadline
            case .tombstone(let since): silenceEnds = silenceEnds ?? since + silence
            }
        }
        return silenceEnds
    }

    /// Turns every command whose time is over into a tombstone.
    package mutating func expire(now: NIODeadline) -> Expiry {
        var expiry = Expiry(timedOut: [], closes: false)
        for index in queue.indices {
            switch queue[index] {
            case .waiting(let waiter, let deadline):
                guard deadline <= now else { return expiry }
                expiry.timedOut.append(waiter)
                queue[index] = .tombstone(since: now)
            case .tombstone(let since):
                if since + silence <= now { expiry.closes = true }
            }
        }
        return expiry
    }
}

extension RedisReply {
    /// Whether a replica refused to write. Of a script, older versions say so within a longer message.
    fileprivate var saysReadOnly: Bool {
        if case .error(let message) = self { message.contains("READONLY ") } else { false }
    }
}
