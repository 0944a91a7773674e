import HeapModule
import NIOCore

/// An owner's deadline, and the time of its entry in the queue.
struct Deadline {
    fileprivate var time: NIODeadline?
    fileprivate var queued: NIODeadline?
}

protocol DeadlineOwner: AnyObject, SendableMetatype {
    var deadline: Deadline { get set }

    func runOutOfTime()
}

/// The deadlines of all connections of one event loop, with a single timer.
///
/// Deadlines move with every request, but entries rarely do: an entry that comes up before its deadline is reinserted.
/// When a connection closes or its deadline moves closer, the old entry stays in the heap as stale. Stale entries are
/// dropped when they come up, or all together once they are the majority.
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

    /// The number of entries, for tests.
    var count: Int { entries.count }

    init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    /// Sets the deadline relative to now.
    func set(_ owner: Owner, within time: TimeAmount) {
        move(owner, to: eventLoop.now + time)
    }

    /// Moves the deadline closer. Does nothing if it is already closer or not set.
    func shorten(_ owner: Owner, to time: TimeAmount) {
        guard let deadline = owner.deadline.time else { return }
        let nearer = eventLoop.now + time
        if nearer < deadline { move(owner, to: nearer) }
    }

    /// Removes the deadline until the next `set`. The entry stays in the queue.
    func suspend(_ owner: Owner) {
        owner.deadline.time = nil
    }

    /// Removes the deadline for good. The entry becomes stale.
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
            // The entry comes up before the new deadline, and is reinserted then.
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
