import DequeModule
import NIOCore

/// The state of a Redis connection, as a value: events in, actions out.
///
/// Replies arrive in the order of the commands, so the commands in flight form a queue. A command that timed out stays
/// in it as a tombstone, because its reply is still due and must not be taken for the next command's. While the head is
/// a tombstone, Redis is stalled, so new commands are rejected immediately.
package struct RedisStateMachine<Waiter> {
    package enum Phase: Equatable {
        case disconnected
        case connecting
        /// Connected. This many replies to the greeting are still due.
        case greeting(Int)
        case ready
        /// The connection is about to close. Further replies are ignored.
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
        /// A late reply without a waiter. The stall is over, and commands are accepted again.
        case acceptAgain
        /// The greeting is complete, and commands are accepted. The identity is that of the connected Redis.
        case becomeReady(RedisIdentity)
        /// Deliver the reply and close the connection. This Redis has become a replica, and its address may lead to
        /// another Redis by now.
        case deliverAndClose(Waiter)
        /// Close the connection. The greeting was rejected, or the reply does not belong to any command.
        case close(RedisError)
    }

    package enum EndAction {
        /// Reconnect after the delay. The commands in flight have failed.
        case reconnect(after: TimeAmount, failed: [Waiter])
        case stop(failed: [Waiter])
    }

    package struct Expiry {
        package var timedOut: [Waiter]
        /// Whether to close the connection because Redis has been silent for too long.
        package var closes: Bool
    }

    package private(set) var phase = Phase.disconnected
    private var queue = Deque<Entry>()
    private var failedAttempts = 0

    private let timeout: TimeAmount
    private let silence: TimeAmount

    /// - Parameters:
    ///   - timeout: time limit for a command.
    ///   - silence: how long after a timeout to wait for the late reply before closing the connection.
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

    /// - Parameter greeting: the number of commands in the greeting.
    /// - Returns: whether the connection is still wanted.
    package mutating func connected(greeting: Int) -> Bool {
        guard phase == .connecting else { return false }
        phase = .greeting(greeting)
        return true
    }

    /// The connection ended or could not be made.
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

    /// Reads the identity from the reply to `INFO`, the last one to the greeting.
    private static func identity(in reply: RedisReply) throws(RedisError) -> RedisIdentity {
        guard case .bulk(let info) = reply else { throw .protocolViolation("the reply to INFO is not text") }
        return try RedisIdentity(info: String(buffer: info))
    }

    // MARK: Time

    /// When to call `expire` next: when the silence has lasted too long, or the first waiting command times out.
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

    /// Turns every command that has timed out into a tombstone.
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
    /// Whether a replica rejected a write. For scripts, older versions embed this in a longer message.
    fileprivate var saysReadOnly: Bool {
        if case .error(let message) = self { message.contains("READONLY ") } else { false }
    }
}
