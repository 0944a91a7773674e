import DequeModule
import HeapModule
import Scenario
import ScenarioRunner

/// One thread's share of the load: its virtual users and their connections, its epoll set and its counters.
///
/// Nothing is shared, so nothing is locked. In the steady state nothing is allocated or reference counted either. Clock
/// and transport are parameters, so that tests run the same code in simulated time against simulated servers.
struct Worker<Clock: EngineClock, Transport: EngineTransport & ~Copyable>: ~Copyable {
    let plan: LoadPlan
    let settings: EngineSettings
    let schedule: RunSchedule
    let series: SecondSeries
    let stop: StopFlag
    let connectTimeout: Nanoseconds
    /// Whether the number of measured requests is limited.
    let isLimited: Bool
    let spin: Nanoseconds

    let table: StepTable
    let clock: Clock
    var transport: Transport
    let connections: UnsafeMutablePointer<Connection>
    let users: UnsafeMutablePointer<VirtualUser>
    /// The numbers, across all threads, of the users that may exist.
    let userNumbers: [Int]
    /// The number of users that exist.
    var userCount = 0
    /// Connections per user.
    let width: Int
    /// The number of connection slots in use.
    var count: Int { userCount * width }
    /// Where responses are received first. One that arrives whole is never copied.
    let inbox: UnsafeMutableRawBufferPointer
    /// Header lines that a verdict depends on.
    let headerScratch: UnsafeMutableRawBufferPointer
    /// The request being rendered.
    var outbox: [UInt8] = []
    var slotWriter: SlotWriter

    var pool = BufferPool()
    var wakeups = Heap<Wakeup>()
    /// Arrivals of the open model; nil in the closed model.
    var arrivals: ArrivalQueue?
    /// Users without an iteration, in the open model. The one that has rested longest begins the next.
    var resting = Deque<Int32>()
    /// The users' own variables, by user; empty if they have none.
    var variables: [UserVariables] = []
    var requests: UserRequests
    /// Whether there are cookies. If so, `jars` holds each user's.
    var keepsCookies = false
    var jars: [CookieJar] = []
    /// Whether the server has closed a connection without announcing it.
    var closesUnannounced = false
    /// For each slot, the first lines of the request rendered last; empty if none was rendered.
    var targets: [[UInt8]] = []
    var recorder: Recorder
    var memo: VerdictMemo
    /// What compiled checks found in the latest response, and the values that its captures have taken.
    var found: [JSONExtract] = []
    var taken: [JSON?] = []
    var heads = HeadMemo()

    var now: Nanoseconds = 0
    var nextSweep: Nanoseconds = 0
    var nextTick: Nanoseconds = .max
    /// The next change of phase: the start of the measurement, the end of its current second, or the end of the grace
    /// period.
    var nextPhase: Nanoseconds
    var isMeasuring = false
    var batching: WakeUpBatching
    /// When the current span of `batching` began, and the responses received since.
    var spanStart: Nanoseconds = 0
    var spanResponses = 0
    /// Time within the measurement during which wake-ups were batched.
    var batchedTime: Nanoseconds = 0
    /// Time of the measurement in which nothing was done but watch the clock.
    var watchedTime: Nanoseconds = 0
    var usageBefore = ThreadUsage(user: 0, system: 0)
    /// Usage over the measurement, set when it ends.
    var usage = ThreadUsage(user: 0, system: 0)
    var measured: Nanoseconds = 0
    /// Whether the measurement has ended and only responses are awaited.
    var isDraining = false

    /// When the latest wait returned, and whether it returned the maximum number of events.
    var wokenAt: Nanoseconds = 0
    var wasFull = false
    /// When the last wait that left nothing unreported returned. Responses of the current batch arrived after it.
    var arrivedAfter: Nanoseconds = 0
    /// How long a response waited in its socket until a wait returned, by the latest timestamp.
    var socketWait: Nanoseconds = 0
    /// How long the current response has waited.
    var receiveLag: Nanoseconds = 0
    /// Requests in flight, and how many more are to be measured.
    var inFlight = 0
    var requestsLeft: Int

    private static var inboxCapacity: Int { 64 * 1024 }

    init(
        plan: LoadPlan, settings: EngineSettings, share: WorkerShare, schedule: RunSchedule, series: SecondSeries,
        stop: StopFlag, clock: Clock, transport: consuming Transport
    ) {
        self.clock = clock
        self.transport = transport
        self.plan = plan
        self.settings = settings
        self.schedule = schedule
        nextPhase = schedule.measurementStart
        self.series = series
        self.stop = stop
        isLimited = settings.maximumRequests != nil
        connectTimeout = Nanoseconds(settings.connectTimeout)
        spin = Nanoseconds(settings.spin)
        batching = WakeUpBatching(from: settings.batchingRate ?? .infinity)
        slotWriter = SlotWriter(plan.sources)
        table = StepTable(plan.steps, settings: settings)
        recorder = Recorder(classes: plan.classes.count, digits: settings.digits)
        memo = VerdictMemo(steps: plan.steps.count, capacity: settings.rememberedVerdicts)
        requestsLeft = share.requests
        userNumbers = share.users
        width = plan.connectionsPerUser
        let (userLimit, limit) = (share.users.count, share.users.count * width)
        inbox = .allocate(byteCount: Self.inboxCapacity, alignment: 64)
        headerScratch = .allocate(byteCount: 4096, alignment: 8)
        connections = .allocate(capacity: max(limit, 1))
        users = .allocate(capacity: max(userLimit, 1))
        requests = UserRequests(
            users: plan.keepsVariables || !plan.cookies.isEmpty ? userLimit : 0, steps: plan.steps.count)
        keepsCookies = !plan.cookies.isEmpty
        if keepsCookies { jars = share.users.map { plan.cookies[$0 % plan.cookies.count] } }
        if case .open(let model) = settings.model {
            arrivals = ArrivalQueue(
                model, thread: share.thread, of: share.threads, start: schedule.start, end: schedule.end)
            resting.reserveCapacity(userLimit)
        }
        if plan.keepsVariables {
            variables = share.users.map { plan.userVariables.isEmpty ? UserVariables() : plan.userVariables[$0] }
        }
        wakeups.reserveCapacity(limit)
        let rampStep = Nanoseconds(settings.rampStep)
        for number in share.users.prefix(share.usersAtStart) {
            guard let user = createUser() else { break }
            wakeups.insert(
                Wakeup(at: schedule.connect + rampStep * UInt64(number), slot: users[Int(user)].connection))
        }
    }

    deinit {
        for slot in 0..<count {
            transport.dispose(&connections[slot].socket)
            connections[slot].received?.deallocate()
            connections[slot].outgoing?.deallocate()
        }
        connections.deallocate()
        users.deallocate()
        inbox.deallocate()
        headerScratch.deallocate()
    }

    /// Makes load until the end of the schedule or a stop request.
    mutating func run() -> WorkerReport {
        now = clock.now()
        wokenAt = now
        while keepTime() {
            let ready = wait()
            noteWake(ready)
            for index in 0..<ready {
                let event = transport.event(index)
                if event.slot == ReadyEvent.heartbeat {
                    transport.endHeartbeat()
                    now = clock.now()
                    endSpan()
                } else {
                    handle(event)
                }
            }
        }
        return report()
    }
}
