import ScenarioRunner

/// One thread's share of the load.
///
/// It decides what happens when, and its parts know how. Nothing is shared between threads, so nothing is locked. In the
/// steady state nothing is allocated or reference counted either. Clock and transport are parameters, so that tests run
/// the same code in simulated time against simulated servers.
struct Worker<Clock: EngineClock, Transport: EngineTransport & ~Copyable>: ~Copyable {
    let settings: EngineSettings
    let table: StepTable
    let series: SecondSeries
    let stop: StopFlag

    let clock: Clock
    /// The time of the current event. Reading the clock for each use would take too long.
    var now: Nanoseconds = 0
    var phases: RunPhases
    var usage = ThreadUsage(user: 0, system: 0)
    /// When timeouts and the stop flag are checked next.
    var nextSweep: Nanoseconds = 0

    var budget: RequestBudget
    var waiting: EventWaiting
    var receiveLag = ReceiveLagEstimate()
    var recorder: Recorder

    var slab: ConnectionSlab<Transport>
    var users: UserSlab
    var data: UserData
    var judge: RememberedJudge
    let traces: ThreadTraces
    /// Whether virtual users obey `Retry-After`.
    let waitsWhenDenied: Bool
    /// Whether the server has closed a connection without announcing it.
    var closesUnannounced = false

    init(
        plan: LoadPlan, settings: EngineSettings, share: WorkerShare, schedule: RunSchedule, series: SecondSeries,
        stop: StopFlag, clock: Clock, transport: consuming Transport, traces: consuming ThreadTraces
    ) {
        self.settings = settings
        self.series = series
        self.stop = stop
        self.clock = clock
        table = StepTable(plan.steps, settings: settings)
        waitsWhenDenied = plan.waitsWhenDenied
        phases = RunPhases(schedule)
        budget = RequestBudget(left: share.requests, isLimited: settings.maximumRequests != nil)
        waiting = EventWaiting(settings)
        recorder = Recorder(classes: plan.classes.count, digits: settings.digits)
        let width = plan.connectionsPerUser
        slab = ConnectionSlab(capacity: share.users.count * width, transport: transport)
        users = UserSlab(share, width: width, arrivals: Self.arrivals(settings, share, schedule))
        data = UserData(plan, users: share.users)
        self.traces = traces
        judge = RememberedJudge(plan.judge, steps: plan.steps.count, capacity: settings.rememberedVerdicts)
        let rampStep = Nanoseconds(settings.rampStep)
        for number in share.users.prefix(share.usersAtStart) {
            guard let user = createUser() else { break }
            users.wake(Int(users[Int(user)].connection), at: schedule.connect + rampStep * UInt64(number))
        }
    }

    private static func arrivals(
        _ settings: EngineSettings, _ share: WorkerShare, _ schedule: RunSchedule
    ) -> ArrivalQueue? {
        guard case .open(let model) = settings.model else { return nil }
        return ArrivalQueue(
            model, thread: share.thread, of: share.threads, start: schedule.start, end: schedule.end)
    }

    /// The connections, by slot.
    @inline(__always)
    var connections: UnsafeMutablePointer<Connection> { slab.slots }

    /// Makes load until the end of the schedule or a stop request.
    mutating func run() -> WorkerReport {
        now = clock.now()
        receiveLag = ReceiveLagEstimate(wokenAt: now)
        while keepTime() {
            let instant = nextInstant()
            let ready = waiting.wait(on: slab.transport, clock, until: instant)
            now = clock.now()
            receiveLag.wake(at: now, isFull: ready >= slab.transport.batchCapacity)
            if now >= phases.nextChange { keepSchedule() }
            for index in 0..<ready {
                let event = slab.transport.event(index)
                if event.slot == ReadyEvent.heartbeat {
                    slab.endHeartbeat()
                    now = clock.now()
                    waiting.endSpan(at: now, inFlight: budget.inFlight)
                } else {
                    handle(event)
                }
            }
        }
        return report()
    }

    private mutating func handle(_ event: ReadyEvent) {
        let slot = event.slot
        // After the measurement, only responses matter.
        if phases.isDraining, connections[slot].state != .busy { return }
        switch connections[slot].state {
        case .connecting:
            now = clock.now()
            finishConnecting(slot)
        case .handshaking:
            now = clock.now()
            shakeHands(slot)
        case .closed, .idle, .busy: break
        }
        // TLS may have had to read before it could write.
        if event.isWritable || slab.transport.isEncrypted, connections[slot].unsentCount > 0 { sendRest(slot) }
        if event.isReadable || event.hasEnded { receive(slot, mayHaveEnded: event.hasEnded) }
    }
}
