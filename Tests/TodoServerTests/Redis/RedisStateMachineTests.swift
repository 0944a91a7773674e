import NIOCore
import Testing

@testable import TodoServer

@Suite struct RedisStateMachineTests {
    private static let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
    private var machine = RedisStateMachine<Int>(timeout: .milliseconds(250), silence: .seconds(1))

    private func at(_ milliseconds: Int64) -> NIODeadline { Self.start + .milliseconds(milliseconds) }

    private mutating func becomeReady() {
        #expect(machine.connect() == true)
        #expect(machine.connected(greeting: 2) == true)
        #expect(machine.received(.status("OK")).isDrop)
        #expect(machine.received(.info("master")).identity?.text == "0123456789abcdef0123456789abcdef01234567")
        #expect(machine.phase == .ready)
    }

    @Test("commands are rejected until the greeting is complete")
    mutating func refusesUntilGreeted() {
        #expect(machine.submit(1, now: at(0)) == .refuse)
        _ = machine.connect()
        #expect(machine.submit(1, now: at(0)) == .refuse)
        _ = machine.connected(greeting: 1)
        #expect(machine.submit(1, now: at(0)) == .refuse)
        _ = machine.received(.info("master"))
        #expect(machine.submit(1, now: at(0)) == .write)
    }

    @Test("a rejected greeting closes the connection")
    mutating func aRefusedGreetingCloses() {
        _ = machine.connect()
        _ = machine.connected(greeting: 2)
        #expect(machine.received(.error("WRONGPASS")).closes == .refused("WRONGPASS"))
        #expect(machine.received(.error("NOAUTH")).closes == nil, "further replies are ignored")
    }

    @Test(
        "a replica, or a server without a run id, is not used",
        arguments: [
            RedisReply.info("slave"), .bulk(ByteBuffer(string: "role:master\r\nrun_id:abc\r\n")), .status("PONG"),
        ])
    mutating func onlyANamedMasterIsUsed(_ reply: RedisReply) {
        _ = machine.connect()
        _ = machine.connected(greeting: 1)
        #expect(machine.received(reply).closes != nil)
        #expect(machine.submit(1, now: at(0)) == .refuse)
    }

    @Test(
        "a connection to a Redis that has become a replica is closed",
        arguments: [
            "READONLY You can't write against a read only replica.",
            "ERR Error running script: @user_script: 1: -READONLY You can't write against a read only replica.",
        ])
    mutating func aDemotedMasterIsLeft(_ message: String) {
        becomeReady()
        _ = machine.submit(1, now: at(0))
        guard case .deliverAndClose(1) = machine.received(.error(message)) else {
            Issue.record("it must close")
            return
        }
        #expect(machine.submit(2, now: at(0)) == .refuse)
    }

    @Test("replies are delivered in order")
    mutating func deliversInOrder() {
        becomeReady()
        for waiter in 1...3 { #expect(machine.submit(waiter, now: at(0)) == .write) }
        #expect((1...3).map { machine.received(.integer($0)).delivered } == [1, 2, 3])
        #expect(machine.received(.null).closes != nil, "a fourth reply is a protocol violation")
    }

    @Test("commands are rejected until the late reply to a timed-out command arrives")
    mutating func aTimedOutCommandLeavesATombstone() {
        becomeReady()
        _ = machine.submit(1, now: at(0))
        _ = machine.submit(2, now: at(100))
        #expect(machine.nextDeadline == at(250))
        #expect(machine.expire(now: at(249)).timedOut == [])
        #expect(machine.expire(now: at(250)).timedOut == [1])
        #expect(machine.submit(3, now: at(260)) == .refuse, "the head is late, so Redis is stalled")
        #expect(machine.received(.integer(1)).acceptsAgain, "the late reply has no waiter")
        #expect(machine.submit(3, now: at(270)) == .write)
        #expect(machine.received(.integer(2)).delivered == 2)
        #expect(machine.received(.integer(3)).delivered == 3)
    }

    /// The silence still counts from the first timeout.
    @Test("commands behind a late reply time out on schedule")
    mutating func nobodyWaitsLongerBehindATombstone() {
        becomeReady()
        _ = machine.submit(1, now: at(0))
        _ = machine.submit(2, now: at(100))
        _ = machine.submit(3, now: at(240))
        #expect(machine.expire(now: at(250)).timedOut == [1])
        #expect(machine.nextDeadline == at(350))
        #expect(machine.expire(now: at(350)).timedOut == [2])
        #expect(machine.nextDeadline == at(490))
        #expect(machine.expire(now: at(490)).timedOut == [3])
        #expect(machine.nextDeadline == at(1250))
    }

    @Test("a long silence closes the connection")
    mutating func longSilenceCloses() {
        becomeReady()
        _ = machine.submit(1, now: at(0))
        #expect(machine.expire(now: at(250)).closes == false)
        #expect(machine.nextDeadline == at(1250))
        #expect(machine.expire(now: at(1250)).closes)
    }

    @Test("the end of the connection fails the commands in flight")
    mutating func theEndFailsWhatIsInFlight() {
        becomeReady()
        for waiter in 1...3 { _ = machine.submit(waiter, now: at(Int64(waiter) * 100)) }
        _ = machine.expire(now: at(350))
        guard case .reconnect(let delay, let failed) = machine.ended(jitter: 1) else {
            Issue.record("it must reconnect")
            return
        }
        #expect(failed == [2, 3], "the first has already timed out")
        #expect(delay == .milliseconds(20))
        #expect(machine.inFlight == 0)
        #expect(machine.submit(4, now: at(400)) == .refuse)
    }

    @Test("the reconnect delay doubles up to one second")
    mutating func waitsLongerAfterEachFailure() {
        let delays = (0..<8).map { _ in
            _ = machine.connect()
            if case .reconnect(let delay, _) = machine.ended(jitter: 1) { return delay }
            return .zero
        }
        #expect(delays == [20, 40, 80, 160, 320, 640, 1000, 1000].map { .milliseconds($0) })
        becomeReady()
        guard case .reconnect(let delay, _) = machine.ended(jitter: 1) else { return }
        #expect(delay == .milliseconds(20), "a connection that was ready resets the delay")
    }

    @Test("jitter shortens a delay by at most half", arguments: [(0.0, 500), (0.5, 750), (1.0, 1000)])
    func jitterShortensByHalfAtMost(_ jitter: Double, _ milliseconds: Int64) {
        #expect(Backoff.delay(attempt: 60, jitter: jitter) == .milliseconds(milliseconds))
    }

    @Test("a stopped connection does not reconnect")
    mutating func stopsForGood() {
        becomeReady()
        _ = machine.submit(1, now: at(0))
        #expect(machine.stop() == [1])
        #expect(machine.submit(2, now: at(0)) == .refuse)
        guard case .stop = machine.ended(jitter: 1) else {
            Issue.record("it must not reconnect")
            return
        }
        #expect(machine.connect() == false)
    }
}

extension RedisStateMachine.ReplyAction {
    fileprivate var delivered: Waiter? { if case .deliver(let waiter) = self { waiter } else { nil } }
    fileprivate var isDrop: Bool { if case .drop = self { true } else { false } }
    fileprivate var acceptsAgain: Bool { if case .acceptAgain = self { true } else { false } }
    fileprivate var identity: RedisIdentity? { if case .becomeReady(let identity) = self { identity } else { nil } }
    fileprivate var closes: RedisError? { if case .close(let error) = self { error } else { nil } }
}

extension RedisReply {
    /// The relevant part of the reply to `INFO`.
    fileprivate static func info(_ role: String) -> RedisReply {
        .bulk(
            ByteBuffer(
                string:
                    "# Server\r\nrun_id:0123456789abcdef0123456789abcdef01234567\r\n# Replication\r\nrole:\(role)\r\n"
                    + "connected_slaves:0\r\n"))
    }
}
