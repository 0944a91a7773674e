import HeapModule
import NIOCore

/// When somebody's time is over, and which entry of the queue stands for it.
struct Deadline {
    fileprivate var time: NIODeadline?
    fileprivate var queued: NIODeadline?
}

protocol DeadlineOwner: AnyObject, SendableMetatype {
    var deadline: Deadline { get set }

    func runOutOfTime()
}

/// The deadlines of all connections of one event loop, behind a single timer.
///
/// A deadline moves with every request, its entry seldom: one that comes up before the deadline only goes back in. Nor is
/// an entry searched for when its connection is closed or its deadline brought nearer: it is stale, and dropped when
/// it comes up, or with all others of its kind once they are the greater part.
final class DeadlineQueue<Owner: DeadlineOwner> {
    private struct Entry: Comparable {
        let time: NIODeadline
        let owner: Owner

        var isStale: Bool { time != owner.deadline.queued }

        static func == (one: Entry, other: Entry) -> Bool { one.time == other.time }
        static func < (one: Entry, other: Entry) -> Bool { one.time < other.time }
    }

    private let eventLoop: any EventLoop
    private var entries = Heap<Entry>()
    private var staleCount = 0
    private var timer: Scheduled<Void>?
    private var timerTime = NIODeadline.distantFuture

    /// How many entries are kept, for tests.
    var count: Int { entries.count }

    init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    /// Sets the deadline, from now.
    func set(_ owner: Owner, within time: TimeAmount) {
        move(owner, to: eventLoop.now + time)
    }

    /// Brings the deadline nearer; one that is nearer already stays, and where there is none there will be none.
    func shorten(_ owner: Owner, to time: TimeAmount) {
        guard let deadline = owner.deadline.time else { return }
        let nearer = eventLoop.now + time
        if nearer < deadline { move(owner, to: nearer) }
    }

    /// No deadline until the next `set`.
    func suspend(_ owner: Owner) {
        owner.deadline.time = nil
    }

    /// No deadline any more: the queue lets go of the owner.
    func remove(_ owner: Owner) {
        owner.deadline.time = nil
        guard owner.deadline.queued != nil else { return }
        owner.deadline.queued = nil
        staleCount += 1
        dropStale()
    }

    private func move(_ owner: Owner, to time: NIODeadline) {
        owner.deadline.time = time
        if let queued = owner.deadline.queued {
            // The entry comes up early enough: the new deadline is found then.
            if queued <= time { return }
            staleCount += 1
        }
        owner.deadline.queued = time
        entries.insert(Entry(time: time, owner: owner))
        dropStale()
        schedule()
    }

    private func dropStale() {
        guard staleCount * 2 > entries.count else { return }
        entries = Heap(entries.unordered.filter { !$0.isStale })
        staleCount = 0
    }

    private func schedule() {
        guard let next = entries.min, next.time < timerTime else { return }
        timer?.cancel()
        timerTime = next.time
        let queue = NIOLoopBound(self, eventLoop: eventLoop)
        timer = eventLoop.scheduleTask(deadline: next.time) { queue.value.fire() }
    }

    private func fire() {
        timer = nil
        timerTime = .distantFuture
        let now = eventLoop.now
        while let entry = entries.min, entry.time <= now {
            entries.removeMin()
            if entry.isStale {
                staleCount = max(0, staleCount - 1)
            } else {
                comeUp(entry.owner, now)
            }
        }
        schedule()
    }

    private func comeUp(_ owner: Owner, _ now: NIODeadline) {
        owner.deadline.queued = nil
        guard let deadline = owner.deadline.time else { return }
        if deadline <= now {
            owner.deadline.time = nil
            owner.runOutOfTime()
        } else {
            move(owner, to: deadline)
        }
    }
}
