import Histogram
import ScenarioRunner
import Trace

@testable import Load

/// A load run in simulated time against a simulated server: the engine's own code with another clock and transport.
///
/// Set what the test is about, run, and compare what `result` reports with what `truth` recorded:
///
///     var simulation = Simulation(seed: seed)
///     simulation.settings.virtualUsers = 4
///     simulation.server.standstills = [1_000_000_000..<2_000_000_000]
///     let run = simulation.run()
///     #expect(run.result.responses == run.received.count, "seed \(seed)")
///
/// Times are nanoseconds since the run's start, which is the start of the warm-up. With several threads, each has its
/// own server. A failure must name the seed, which reproduces it.
struct Simulation {
    var settings = EngineSettings()
    var steps: [PlannedStep] = [.get()]
    var classes: [String] = []
    var judge: any ResponseJudge = StubJudge()
    var userVariables: [UserVariables] = []
    var server = SimulatedServer()
    var generator = SimulatedGenerator()
    /// The renderer of steps with rendered requests: see ``SimulatedGenerator/costOfRendering``.
    let renderer = SimulatedRenderer()
    /// Whether the run is traced. What is recorded; by default everything, with the clients' addresses as keys.
    var isTraced = false
    var tracePlan: TracePlan?
    /// When to ask the run to stop, relative to its start.
    var stopAt: Nanoseconds?
    let seed: UInt64

    init(seed: UInt64) {
        self.seed = seed
        settings.virtualUsers = 4
        settings.threads = 1
        settings.duration = .seconds(1)
    }

    /// Makes the engine's histograms and tables small, so that short runs take little time.
    mutating func shrink() {
        settings.digits = .two
        settings.rememberedVerdicts = 64
    }

    /// Makes every request a rendered one.
    mutating func render() {
        steps = [
            PlannedStep(id: "read", action: .exchange(PlannedRequest(bytes: .rendered(renderer), isIdempotent: true)))
        ]
    }

    /// Uses the open model with a constant rate.
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
        let recording = isTraced ? SimulatedTrace(threads: settings.threads) : nil
        let recorded = recording.map { [(plan: tracePlan ?? .everything(plan), drain: $0.drain)] } ?? []
        let schedule = RunSchedule(settings, now: SimulatedWorld.origin)
        let series = SecondSeries(threads: settings.threads)
        let stop = StopFlag()
        var reports: [WorkerReport] = []
        var truth = SimulatedTruth()
        var endedAt: Nanoseconds = 0
        for thread in 0..<settings.threads {
            let world = SimulatedWorld(
                server: server, generator: generator, start: schedule.start, seed: seed &+ UInt64(thread))
            if let stopAt { world.raise(stop, at: stopAt) }
            var worker = Worker(
                plan: plan, settings: settings,
                share: WorkerShare(thread: thread, of: settings.threads, settings: settings), schedule: schedule,
                series: series, stop: stop,
                clock: SimulatedClock(world: world, renderer: renderer),
                transport: SimulatedTransport(world: world),
                traces: ThreadTraces(
                    recorded, of: plan, sources: settings.sources, users: settings.virtualUsers, source: thread))
            reports.append(worker.run())
            truth.add(world.truth)
            endedAt = max(endedAt, world.now)
        }
        let result = LoadResult(
            name: "simulation", startedAt: 0, plan: plan, settings: settings, reports: reports,
            seconds: series.summaries, wasInterrupted: stop.isSet)
        return SimulatedRun(
            result: result, truth: truth, schedule: schedule, endedAt: endedAt, digits: settings.digits,
            isTimestamped: generator.sampling == 1 && server.handshake == nil, trace: recording?.finish())
    }
}

/// What a simulated run reports, and what really happened.
struct SimulatedRun {
    let result: LoadResult
    let truth: SimulatedTruth
    let schedule: RunSchedule
    let endedAt: Nanoseconds
    /// The precision of the recorded times.
    let digits: SignificantDigits
    /// Whether every response carried the time of its arrival.
    let isTimestamped: Bool
    /// What the engine recorded; nil if the run was not traced.
    let trace: RequestTrace?

    /// Exchanges whose response was received within the measurement.
    var received: [SimulatedTruth.Exchange] {
        truth.received(from: schedule.measurementStart, to: schedule.end)
    }

    /// Exchanges whose response was received after the measurement.
    var late: [SimulatedTruth.Exchange] { truth.received(from: schedule.end, to: .max) }

    /// Exchanges whose response is counted, whether or not it was late.
    var answered: [SimulatedTruth.Exchange] { received + late }

    /// Requests of the measurement without a response.
    var unanswered: [SimulatedTruth.Exchange] {
        truth.exchanges.filter { $0.receivedAt == nil && $0.sentAt >= schedule.measurementStart }
    }
}

extension SimulatedRun {
    /// When arrivals at a constant rate are due in the measurement, without a warm-up.
    func constantArrivals(rate: Double) -> [Nanoseconds] {
        (0...).lazy.map { schedule.start + Nanoseconds((Double($0) / rate * 1e9).rounded()) }
            .prefix { $0 < schedule.end }.map(\.self)
    }

    /// The number of responses received in each second of the measurement. The last second may be shorter.
    var receivedBySecond: [Int] {
        let length = schedule.end - schedule.measurementStart
        var counts = Array(repeating: 0, count: Int((length + 999_999_999) / 1_000_000_000))
        for exchange in received {
            guard let at = exchange.receivedAt else { continue }
            counts[Int((at - schedule.measurementStart) / 1_000_000_000)] += 1
        }
        return counts
    }
}
