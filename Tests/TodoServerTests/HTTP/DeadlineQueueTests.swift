import NIOCore
import NIOEmbedded
import Testing

@testable import TodoServer

@Suite struct DeadlineQueueTests {
    private final class Owner: DeadlineOwner {
        var deadline = Deadline()
        var timesOver = 0
        var then: () -> Void = {}

        func runOutOfTime() {
            timesOver += 1
            then()
        }
    }

    private let eventLoop = EmbeddedEventLoop()
    private let queue: DeadlineQueue<Owner>

    init() {
        queue = DeadlineQueue(eventLoop: eventLoop)
    }

    @Test("a deadline fires once and not early")
    func timeIsOverOnceAndNotBefore() {
        let owner = Owner()
        queue.set(owner, within: .seconds(10))
        eventLoop.advanceTime(by: .milliseconds(9_999))
        #expect(owner.timesOver == 0)
        eventLoop.advanceTime(by: .milliseconds(1))
        #expect(owner.timesOver == 1)
        eventLoop.advanceTime(by: .seconds(100))
        #expect(owner.timesOver == 1)
        #expect(queue.count == 0)
    }

    @Test("each owner has its own deadline")
    func eachHasItsOwn() {
        let owners = (1...20).map { _ in Owner() }
        for (index, owner) in owners.enumerated().reversed() { queue.set(owner, within: .seconds(Int64(index + 1))) }
        for passed in 1...20 {
            eventLoop.advanceTime(by: .seconds(1))
            #expect(owners.map(\.timesOver) == (1...20).map { $0 <= passed ? 1 : 0 })
        }
    }

    /// As with a thousand requests on one connection.
    @Test("postponing a deadline keeps a single entry")
    func aDeadlineThatIsPutOffIsKept() {
        let owner = Owner()
        for _ in 0..<1000 {
            queue.set(owner, within: .seconds(10))
            eventLoop.advanceTime(by: .seconds(1))
            #expect(queue.count == 1)
        }
        #expect(owner.timesOver == 0)
        eventLoop.advanceTime(by: .seconds(8))
        #expect(owner.timesOver == 0)
        eventLoop.advanceTime(by: .seconds(1))
        #expect(owner.timesOver == 1)
    }

    @Test("shortening moves a deadline closer and never postpones it")
    func aDeadlineIsBroughtNearerAndNeverPutOffByIt() {
        let owner = Owner()
        queue.set(owner, within: .seconds(75))
        queue.shorten(owner, to: .seconds(10))
        queue.shorten(owner, to: .seconds(20))
        eventLoop.advanceTime(by: .milliseconds(9_999))
        #expect(owner.timesOver == 0)
        eventLoop.advanceTime(by: .milliseconds(1))
        #expect(owner.timesOver == 1)
        queue.set(owner, within: .seconds(75))
        eventLoop.advanceTime(by: .seconds(74))
        #expect(owner.timesOver == 1)
        eventLoop.advanceTime(by: .seconds(1))
        #expect(owner.timesOver == 2)
        #expect(queue.count == 0)
    }

    @Test("a suspended owner has no deadline")
    func whileItIsSuspendedThereIsNone() {
        let owner = Owner()
        queue.set(owner, within: .seconds(1))
        queue.suspend(owner)
        queue.shorten(owner, to: .milliseconds(1))
        eventLoop.advanceTime(by: .seconds(10))
        #expect(owner.timesOver == 0)
        queue.set(owner, within: .seconds(1))
        eventLoop.advanceTime(by: .seconds(1))
        #expect(owner.timesOver == 1)
    }

    @Test("a removed owner is released")
    func whoIsRemovedIsLetGo() {
        weak var first: Owner?
        do {
            let owner = Owner()
            first = owner
            queue.set(owner, within: .seconds(75))
            queue.remove(owner)
        }
        #expect(first == nil)
        #expect(queue.count == 0)
    }

    /// As with thousands of connections opened and closed within one idle time.
    @Test("stale entries are never the majority")
    func whatIsStaleNeverIsTheGreaterPart() {
        let kept = (0..<100).map { _ in Owner() }
        for owner in kept { queue.set(owner, within: .seconds(75)) }
        for _ in 0..<10_000 {
            let owner = Owner()
            queue.set(owner, within: .seconds(75))
            queue.remove(owner)
            #expect(queue.count <= 202)
        }
        for owner in kept { queue.remove(owner) }
        #expect(queue.count == 0)
    }

    /// As a connection does that sends 408 and then waits for its last bytes to leave.
    @Test("an owner can set a new deadline when its deadline fires")
    func whoseTimeIsOverMaySetItAgain() {
        let owner = Owner()
        owner.then = { [queue] in if owner.timesOver == 1 { queue.set(owner, within: .seconds(2)) } }
        queue.set(owner, within: .seconds(1))
        eventLoop.advanceTime(by: .seconds(2))
        #expect(owner.timesOver == 1)
        eventLoop.advanceTime(by: .seconds(1))
        #expect(owner.timesOver == 2)
        owner.then = {}
    }
}
