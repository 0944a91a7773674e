import CEpoll
import Glibc
import HeapModule

/// One thread's share of the load: its virtual users and their connections, its epoll set and its counts. Nothing here
/// is shared, so nothing is locked; in the steady state nothing is allocated or reference counted either.
struct Worker: ~Copyable {
    /// When things begin and end, on the monotonic clock.
    struct Schedule: Sendable {
        var start: Nanoseconds
        var measurementStart: Nanoseconds
        var end: Nanoseconds
    }

    let plan: LoadPlan
    let settings: EngineSettings
    let schedule: Schedule
    let series: SecondSeries
    let stop: StopRequest
    let limits: ResponseParser.Limits
    let connectTimeout: Nanoseconds

    let table: StepTable
    let epoll: Epoll
    let connections: UnsafeMutablePointer<Connection>
    let users: UnsafeMutablePointer<VirtualUser>
    let count: Int
    let events: UnsafeMutableBufferPointer<epoll_event>
    /// Where answers are received first. One that comes whole is never copied.
    let inbox: UnsafeMutableRawBufferPointer
    /// Header lines that a verdict depends on.
    let headerScratch: UnsafeMutableRawBufferPointer
    /// A request that is rendered.
    var outbox: [UInt8] = []

    var pool = BufferPool()
    var wakeups = Heap<Wakeup>()
    var recorder: Recorder
    var memo: VerdictMemo
    var heads = HeadMemo()

    var now: Nanoseconds = 0
    var nextSweep: Nanoseconds = 0
    var nextTick: Nanoseconds = .max
    var isMeasuring = false
    var usageBefore = ThreadUsage(user: 0, system: 0)

    static var inboxCapacity: Int { 64 * 1024 }

    /// - Parameter users: the numbers, over all threads, of the users that this worker plays.
    init(
        plan: LoadPlan, settings: EngineSettings, users numbers: [Int], schedule: Schedule, series: SecondSeries,
        stop: StopRequest
    ) throws(LoadError) {
        epoll = try Epoll()
        self.plan = plan
        self.settings = settings
        self.schedule = schedule
        self.series = series
        self.stop = stop
        limits = settings.responseLimits
        connectTimeout = Nanoseconds(settings.connectTimeout)
        table = StepTable(plan.steps)
        recorder = Recorder(classes: plan.classes.count)
        memo = VerdictMemo(steps: plan.steps.count)
        count = numbers.count
        events = .allocate(capacity: min(max(count, 1), 512))
        inbox = .allocate(byteCount: Self.inboxCapacity, alignment: 64)
        headerScratch = .allocate(byteCount: 4096, alignment: 8)
        connections = .allocate(capacity: max(count, 1))
        users = .allocate(capacity: max(count, 1))
        wakeups.reserveCapacity(count)
        let rampStep = Nanoseconds(settings.rampStep)
        for (slot, number) in numbers.enumerated() {
            (connections + slot).initialize(to: Connection(user: Int32(slot)))
            (users + slot).initialize(to: VirtualUser(number: number, connection: Int32(slot)))
            users[slot].remaining = table.steps[0].repeats
            wakeups.insert(Wakeup(at: schedule.start + rampStep * UInt64(number), user: Int32(slot)))
        }
    }

    deinit {
        for slot in 0..<count {
            if connections[slot].descriptor >= 0 { close(connections[slot].descriptor) }
            connections[slot].received?.deallocate()
            connections[slot].outgoing?.deallocate()
        }
        connections.deallocate()
        users.deallocate()
        events.deallocate()
        inbox.deallocate()
        headerScratch.deallocate()
    }

    /// Makes load until the end of the schedule, or until it is asked to stop.
    mutating func run() -> WorkerReport {
        now = MonotonicClock.now()
        while keepTime() {
            let ready = epoll.wait(events, timeout: nextInstant() - now)
            now = MonotonicClock.now()
            for index in 0..<ready {
                handle(events[index])
            }
        }
        return report()
    }
}
