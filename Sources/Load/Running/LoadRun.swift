import CEpoll
import Glibc
import ScenarioRunner
import Synchronization
import Trace

/// A load run in progress, on its own threads.
///
/// Call ``finish()`` exactly once. Meanwhile, ``series`` reports the results of each second.
package struct LoadRun: Sendable {
    private let threads: [EngineThread<Result<WorkerReport, LoadError>>]
    private let name: String
    private let plan: LoadPlan
    private let settings: EngineSettings
    private let stop: StopFlag
    private let schedule: RunSchedule
    /// When the warm-up begins, or without one the measurement.
    private let startedAt: Double
    private let running: RunningThreads
    private let traces: RunTraces

    /// The results of each second of the measurement so far.
    package let series: SecondSeries

    /// Opens what the run needs and starts it.
    /// - Parameters:
    ///   - name: the name of the result.
    ///   - stop: ends the run early once raised.
    ///   - traces: what to record of requests, and the files to record it in.
    package init(
        name: String, plan: LoadPlan, settings: EngineSettings, stop: StopFlag,
        traces requested: [(plan: TracePlan, path: String)] = []
    ) throws(LoadError) {
        try Self.check(plan, settings)
        let threadCount = min(settings.threads > 0 ? settings.threads : Self.cores, settings.virtualUsers)
        let settings = try Self.withFiles(for: settings, plan, threads: threadCount)
        let schedule = try RunSchedule(settings)
        let traces = try RunTraces(requested, threads: threadCount)
        let series = SecondSeries(threads: threadCount)
        self.name = name
        self.plan = plan
        self.settings = settings
        self.stop = stop
        self.schedule = schedule
        startedAt = MonotonicClock.wallTime() + (Double(schedule.start) - Double(MonotonicClock.now())) / 1e9
        self.series = series
        let running = RunningThreads(threadCount)
        self.running = running
        self.traces = traces
        do throws(LoadError) {
            threads = try Self.start(threadCount, stop: stop) { thread throws(LoadError) in
                defer { running.end() }
                let share = WorkerShare(thread: thread, of: threadCount, settings: settings)
                let transport = try EpollTransport(
                    to: plan, connections: share.users.count * plan.connectionsPerUser,
                    heartbeat: EngineSettings.heartbeat)
                Epoll.sharpenTimers()
                var worker = Worker(
                    plan: plan, settings: settings, share: share, schedule: schedule, series: series, stop: stop,
                    clock: MonotonicClock(), transport: transport, traces: traces.recording(plan, settings, share))
                return worker.run()
            }
        } catch {
            _ = traces.finish()
            throw error
        }
    }

    /// Raises the limit on open files for all virtual users, or reduces the users to what it allows.
    private static func withFiles(
        for settings: EngineSettings, _ plan: LoadPlan, threads: Int
    ) throws(LoadError) -> EngineSettings {
        let others = threads * EpollTransport.files + Self.otherFiles
        let needed = settings.virtualUsers * plan.connectionsPerUser + others
        guard settings.mayReduceUsers else {
            try FileLimit.raise(to: needed)
            return settings
        }
        let users = (try FileLimit.raised(towards: needed) - others) / plan.connectionsPerUser
        guard users >= threads else { throw .tooFewFiles(needed: needed, limit: users) }
        var settings = settings
        settings.virtualUsers = min(settings.virtualUsers, users)
        return settings
    }

    /// Starts the threads. If one cannot begin, the others are stopped.
    private static func start(
        _ count: Int, stop: StopFlag, _ work: @escaping @Sendable (Int) throws(LoadError) -> WorkerReport
    ) throws(LoadError) -> [EngineThread<Result<WorkerReport, LoadError>>] {
        var threads: [EngineThread<Result<WorkerReport, LoadError>>] = []
        do throws(LoadError) {
            for thread in 0..<count {
                let started = try EngineThread { () -> Result<WorkerReport, LoadError> in
                    do throws(LoadError) {
                        return .success(try work(thread))
                    } catch {
                        stop.set()
                        return .failure(error)
                    }
                }
                threads.append(started)
            }
            return threads
        } catch {
            stop.set()
            for thread in threads { _ = thread.join() }
            throw error
        }
    }

    /// Other open files: standard streams and reports.
    private static var otherFiles: Int { 64 }
    /// Far more than any machine can sustain. Waiting arrivals take memory.
    private static var highestRate: Double { 1_000_000 }
    private static var cores: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

    private static func check(_ plan: LoadPlan, _ settings: EngineSettings) throws(LoadError) {
        guard (1...EngineSettings.mostUsers).contains(settings.virtualUsers) else {
            throw .invalid(setting: "virtual users", reason: "must be between 1 and \(EngineSettings.mostUsers)")
        }
        guard settings.duration > .zero else {
            throw .invalid(setting: "duration", reason: "must be greater than zero")
        }
        guard settings.maximumRequests ?? 1 > 0 else {
            throw .invalid(setting: "maximum requests", reason: "must be at least 1")
        }
        if case .open(let arrivals) = settings.model, arrivals.profile.highest > Self.highestRate {
            throw .invalid(setting: "rate", reason: "must be at most 1,000,000 iterations per second")
        }
        let exchanges = plan.steps.contains { step in
            if case .exchange = step.action { true } else { false }
        }
        guard exchanges else {
            throw .invalid(setting: "steps", reason: "at least one request is required")
        }
        guard plan.classes.count <= Verdict.widest, plan.steps.allSatisfy({ $0.assertions.count <= Verdict.widest })
        else {
            throw .invalid(
                setting: "steps",
                reason: "at most \(Verdict.widest) classes, and as many assertions in a step, are supported")
        }
    }

    /// When the measurement begins and ends.
    var measurement: ClosedRange<Nanoseconds> { schedule.measurementStart...schedule.end }

    /// The kind of the responses with these step and classes.
    func kind(_ key: TimingKey) -> ResponseKind {
        let classes = plan.classes.indices.filter { key.classes >> UInt64($0) & 1 == 1 }
        return ResponseKind(step: plan.steps[key.step].id, classes: classes.map { plan.classes[$0] })
    }

    /// Length of the measurement.
    package var duration: Duration { settings.duration }

    /// Whether all threads have ended, so that ``finish()`` need not wait.
    package var isOver: Bool { running.count == 0 }

    /// Progress of the measurement: 0 before it, 1 at its end.
    package var progress: Double {
        let now = MonotonicClock.now()
        guard now > schedule.measurementStart else { return 0 }
        return min(1, Double(now - schedule.measurementStart) / Double(schedule.end - schedule.measurementStart))
    }

    /// Completes the traces. Call once, after ``finish()``, even if that throws.
    /// - Returns: in the order in which they were requested.
    func finishTraces() -> [TraceSummary] { traces.finish() }

    /// Waits for the run to end and combines the threads' results.
    package func finish() throws(LoadError) -> LoadResult {
        var reports: [WorkerReport] = []
        for result in threads.map({ $0.join() }) {
            if let report = try result?.get() { reports.append(report) }
        }
        let isShort = reports.contains { $0.measured < Nanoseconds(settings.duration) }
        return LoadResult(
            name: name, startedAt: startedAt, plan: plan, settings: settings, reports: reports,
            seconds: series.summaries, wasInterrupted: stop.isSet && isShort)
    }
}

/// Counts the threads that are still running.
private final class RunningThreads: Sendable {
    private let threads: Atomic<Int>

    init(_ count: Int) { threads = Atomic(count) }

    var count: Int { threads.load(ordering: .relaxed) }

    func end() { threads.subtract(1, ordering: .relaxed) }
}
