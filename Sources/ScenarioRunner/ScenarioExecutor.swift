import Scenario

/// Runs the steps of one scenario on one thread and builds its part of the result tree.
///
/// The kinds of steps are in the extensions `+requests` and `+composition`.
final class ScenarioExecutor {
    let scenario: Scenario
    let client: HTTPClient
    let calls: SharedCalls
    let limits: RunLimits
    let onRequests: @Sendable (Int) -> Void
    /// Records requests for the scenario's audits. Nil without audits, and in called files.
    let audits: AuditRecorder?
    /// Records every request, those of called files too.
    let trace: TracedScenario?
    /// The number of requests not reported to `onRequests` yet, and the time of the last report.
    private var untold = (count: 0, since: ContinuousClock.now)
    /// When each step started, by step id.
    var starts: [String: ContinuousClock.Instant] = [:]
    var scope: Scope
    /// Values that no result may show. Kept in the scope, where values are turned into text.
    var secrets: Secrets {
        get { scope.secrets }
        set { scope.secrets = newValue }
    }
    /// Whether the teardown is running. Nothing stops a teardown.
    var isTearingDown = false
    /// One flag for each enclosing parallel step, set when one of its branches has failed: waiting is pointless then.
    var neighbours: [StopFlag] = []

    /// - Parameters:
    ///   - secrets: the secrets known so far, including the scenario's own.
    ///   - onRequests: called with the number of requests sent since its last call.
    init(
        _ scenario: Scenario, client: HTTPClient, calls: SharedCalls, scope: Scope, secrets: Secrets,
        limits: RunLimits, audits: AuditRecorder? = nil, trace: TracedScenario? = nil,
        onRequests: @escaping @Sendable (Int) -> Void
    ) {
        self.scenario = scenario
        self.audits = audits
        self.trace = trace
        self.client = client
        self.calls = calls
        self.scope = scope
        self.limits = limits
        self.onRequests = onRequests
        self.secrets = secrets
    }

    func run() -> ScenarioResult {
        let start = ContinuousClock.now
        let results = runPhases()
        let hasFailed = results.contains { $0.outcome > .skipped }
        let tooSlow = hasFailed ? nil : results.lazy.compactMap(\.tooSlow).first
        var result = ScenarioResult(
            file: secrets.redact(scenario.file), name: scenario.name, description: scenario.description,
            tags: scenario.tags, start: start, address: client.settings.address?.text,
            steps: results.map { $0.redacted(by: secrets) }, skipReason: tooSlow,
            duration: ContinuousClock.now - start)
        if tooSlow == nil, let audits { result.audits = audits.results(hiding: secrets) }
        return result
    }

    func runPhases() -> [StepResult] {
        var results = run(.setup)
        results += run(.steps, after: results)
        return results + run(.teardown)
    }

    /// Runs the steps of a phase.
    ///
    /// - Parameter earlier: the results of the phases before it.
    func run(_ phase: StepResult.Phase, after earlier: [StepResult] = []) -> [StepResult] {
        if phase == .teardown { isTearingDown = true }
        return inOrder(scenario.steps(of: phase), phase, after: earlier)
    }

    /// Runs a step and returns its result, or the results of the steps in it.
    func run(_ step: Step, _ phase: StepResult.Phase) -> [StepResult] {
        starts[step.id] = .now
        guard let count = step.repetitions else { return runOnce(step, phase) }
        return repeated(step, count: count, phase)
    }

    func runOnce(_ step: Step, _ phase: StepResult.Phase) -> [StepResult] {
        switch step.action {
        case .parallel(let steps): return parallel(steps, phase)
        case .group(let steps): return inOrder(steps, phase)
        case .call(let call): return self.call(call, in: step, phase)
        case .sleep(let duration):
            var progress = StepProgress(step, phase, in: scenario.file)
            do throws(Interruption) { try pause(duration) } catch { progress.interrupt(error) }
            return [progress.finished()]
        case .request(let request):
            var progress = StepProgress(step, phase, in: scenario.file)
            do throws(Interruption) { try send(request, &progress) } catch { progress.interrupt(error) }
            return [progress.finished(tooSlow: progress.hasFailed ? delay(of: request) : nil)]
        }
    }

    /// Why a failure of the step is inconclusive: it exceeded a `within` limit. Nil if it did not.
    private func delay(of request: RequestStep) -> String? {
        let now = ContinuousClock.now
        for limit in request.within {
            guard let start = starts[limit.step], now - start > limit.duration else { continue }
            return "too slow to tell: more than \(limit.duration.shortText) after \"\(limit.step)\" began"
        }
        return nil
    }

    func skipped(_ step: Step, _ phase: StepResult.Phase) -> [StepResult] {
        switch step.action {
        case .parallel(let steps), .group(let steps): steps.flatMap { skipped($0, phase) }
        case .request, .sleep, .call: [.skipped(step, phase)]
        }
    }

    /// Counts requests for progress output and reports them at most every 50 ms.
    func tell(_ requests: Int) {
        untold.count += requests
        let now = ContinuousClock.now
        guard now - untold.since > .milliseconds(50) else { return }
        onRequests(untold.count)
        untold = (0, now)
    }

    /// An executor for the steps of a called file, with the same progress callback.
    func nested(_ scenario: Scenario, client: HTTPClient, scope: Scope) -> ScenarioExecutor {
        var secrets = secrets
        secrets.formUnion(scenario.secrets(in: scope.variables))
        let executor = ScenarioExecutor(
            scenario, client: client, calls: calls, scope: scope, secrets: secrets, limits: limits,
            trace: trace, onRequests: onRequests)
        executor.isTearingDown = isTearingDown
        executor.neighbours = neighbours
        return executor
    }

    /// Whether a parallel branch has failed, so that this one can stop waiting.
    var isAbandoned: Bool { !isTearingDown && neighbours.contains(where: \.isSet) }

    /// Ends the current exchange once it is set; nil during teardown.
    var stopFlag: StopFlag? { isTearingDown ? nil : limits.stopFlag }

    func checkLimits() throws(Interruption) {
        if !isTearingDown, let reason = limits.stopReason { throw .stopped(reason) }
    }

    func pause(_ duration: Duration) throws(Interruption) {
        let end = ContinuousClock.now + duration
        repeat {
            try checkLimits()
            if isAbandoned { throw .abandoned }
            Pause.wait(min(end - ContinuousClock.now, .milliseconds(50)))
        } while ContinuousClock.now < end
    }

    /// Waits unless the deadline would pass meanwhile.
    ///
    /// - Returns: whether there is time left before the deadline.
    func pause(_ duration: Duration, before deadline: ContinuousClock.Instant?) throws(Interruption) -> Bool {
        if let deadline, ContinuousClock.now + duration >= deadline { return false }
        try pause(duration)
        return deadline.map { ContinuousClock.now < $0 } ?? true
    }
}

extension Scenario {
    fileprivate func steps(of phase: StepResult.Phase) -> [Step] {
        switch phase {
        case .setup: setup
        case .steps: steps
        case .teardown: teardown
        }
    }
}

extension StepResult {
    /// Whether the steps after it are skipped.
    var endsScenario: Bool { outcome > .skipped || tooSlow != nil }
}

/// Why a step could not run to its end.
enum Interruption: Error {
    case transport(TransportError, Exchange?)
    case rendering(TemplateError, Range<Int>)
    case unstarted(Diagnostic)
    case stopped(String)
    /// The step was waiting when a parallel branch failed.
    case abandoned
}
