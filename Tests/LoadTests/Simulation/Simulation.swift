@testable import Load

/// A run of load in simulated time against a simulated server: the engine's own code with another clock and transport.
///
/// Set what the test is about, run, and compare what `result` reports with what `truth` knows:
///
///     var simulation = Simulation(seed: seed)
///     simulation.settings.virtualUsers = 4
///     simulation.server.standstills = [1_000_000_000..<2_000_000_000]
///     let run = simulation.run()
///     #expect(run.result.responses == run.received.count, "seed \(seed)")
///
/// Times are nanoseconds since the run's start, which is the warm-up's beginning. A run with several threads gives each
/// of them a server of its own. A failure must name the seed, which repeats it.
struct Simulation {
    var settings = EngineSettings()
    var steps: [PlannedStep] = [.get()]
    var classes: [String] = []
    var judge: any ResponseJudge = StubJudge()
    var userVariables: [UserVariables] = []
    var server = SimulatedServer()
    var generator = SimulatedGenerator()
    /// When the run is asked to stop, since its start.
    var stopAt: Nanoseconds?
    let seed: UInt64

    init(seed: UInt64) {
        self.seed = seed
        settings.virtualUsers = 4
        settings.threads = 1
        settings.duration = .seconds(1)
    }

    /// Makes the open model at a constant rate.
    mutating func open(rate: Double, distribution: ArrivalSchedule.Distribution = .constant) {
        var arrivals = LoadModel.Arrivals(profile: RateProfile(rate: rate))
        arrivals.distribution = distribution
        arrivals.seed = seed
        settings.model = .open(arrivals)
    }

    func run() -> SimulatedRun {
        let plan = LoadPlan(
            target: SocketAddress(ipv4: 0x7F00_0001, port: 80), steps: steps, classes: classes, judge: judge,
            userVariables: userVariables)
        let schedule = RunSchedule(settings, now: SimulatedWorld.origin)
        let series = SecondSeries(threads: settings.threads)
        let stop = StopRequest()
        var reports: [WorkerReport] = []
        var truth = SimulatedTruth()
        for thread in 0..<settings.threads {
            let world = SimulatedWorld(
                server: server, generator: generator, start: schedule.start, seed: seed &+ UInt64(thread))
            if let stopAt { world.raise(stop, at: stopAt) }
            var worker = Worker(
                plan: plan, settings: settings,
                share: WorkerShare(thread: thread, of: settings.threads, settings: settings), schedule: schedule,
                series: series, stop: stop, clock: SimulatedClock(world: world),
                transport: SimulatedTransport(world: world))
            reports.append(worker.run())
            truth.exchanges += world.truth.exchanges
        }
        let result = LoadResult(
            name: "simulation", startedAt: 0, plan: plan, settings: settings, reports: reports,
            seconds: series.summaries, wasInterrupted: stop.isRaised)
        return SimulatedRun(result: result, truth: truth, schedule: schedule)
    }
}

/// What a simulated run reports, and what really happened.
struct SimulatedRun {
    let result: LoadResult
    let truth: SimulatedTruth
    let schedule: RunSchedule

    /// Exchanges whose response was received within the measurement.
    var received: [SimulatedTruth.Exchange] {
        truth.received(from: schedule.measurementStart, to: schedule.end)
    }
}
