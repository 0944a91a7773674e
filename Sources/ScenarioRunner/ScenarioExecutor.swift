import Scenario

/// Runs the steps of one scenario, on one thread, and makes its part of the result tree.
///
/// The kinds of steps are in extensions: `+requests`, `+composition`.
final class ScenarioExecutor {
    let scenario: Scenario
    let client: HTTPClient
    let calls: SharedCalls
    let limits: RunLimits
    let onRequests: @Sendable (Int) -> Void
    /// Requests that nobody has been told of, and when somebody was told last.
    private var untold = (count: 0, since: ContinuousClock.now)
    /// When each step began.
    var starts: [String: ContinuousClock.Instant] = [:]
    var scope: Scope
    /// What no result may show; kept where values are put into words.
    var secrets: Secrets {
        get { scope.secrets }
        set { scope.secrets = newValue }
    }
    /// Whether what runs now is the teardown, which nothing stops.
    var isTearingDown = false
    /// Each is set when a step beside this one, or beside one that this one is in, has failed: to wait on is in vain.
    var neighbours: [StopFlag] = []

    /// - Parameter onRequests: told how many requests have been sent since it was last told.
    init(
        _ scenario: Scenario, client: HTTPClient, calls: SharedCalls, scope: Scope, secrets: Secrets,
        limits: RunLimits, onRequests: @escaping @Sendable (Int) -> Void
    ) {
        self.scenario = scenario
        self.client = client
        self.calls = calls
        self.scope = scope
        self.limits = limits
        self.onRequests = onRequests
        self.secrets = secrets
        self.secrets.formUnion(scenario.secrets(in: scope.variables))
    }

    func run() -> ScenarioResult {
        let start = ContinuousClock.now
        let results = runPhases()
        let hasFailed = results.contains { $0.outcome > .skipped }
        let tooSlow = hasFailed ? nil : results.lazy.compactMap(\.tooSlow).first
        return ScenarioResult(
            file: secrets.redact(scenario.file), name: scenario.name, description: scenario.description,
            tags: scenario.tags, start: start, address: client.settings.address?.text,
            steps: results.map { $0.redacted(by: secrets) }, skipReason: tooSlow,
            duration: ContinuousClock.now - start)
    }

    func runPhases() -> [StepResult] {
        var results: [StepResult] = []
        for (phase, steps) in [(StepResult.Phase.setup, scenario.setup), (.steps, scenario.steps)] {
            for step in steps {
                // Everything after a failure would fail for the same reason.
                let isStopped = isAbandoned || results.contains { $0.outcome > .skipped || $0.tooSlow != nil }
                results += isStopped ? skipped(step, phase) : run(step, phase)
            }
        }
        // Whatever happened before, what was made is taken away again.
        isTearingDown = true
        for step in scenario.teardown { results += run(step, .teardown) }
        return results
    }

    /// The results of a step: one, or those of the steps within it.
    func run(_ step: Step, _ phase: StepResult.Phase) -> [StepResult] {
        starts[step.id] = .now
        switch step.action {
        case .parallel(let steps): return parallel(steps, phase)
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

    /// Why what a step shows says nothing: it came too late.
    private func delay(of request: RequestStep) -> String? {
        let now = ContinuousClock.now
        for limit in request.within {
            guard let start = starts[limit.step], now - start > limit.duration else { continue }
            return "too slow to tell: more than \(limit.duration.shortText) after \"\(limit.step)\" began"
        }
        return nil
    }

    private func skipped(_ step: Step, _ phase: StepResult.Phase) -> [StepResult] {
        if case .parallel(let steps) = step.action { return steps.flatMap { skipped($0, phase) } }
        return [.skipped(step, phase)]
    }

    /// Counts requests for whoever looks on, who is told of them a few times a second.
    func tell(_ requests: Int) {
        untold.count += requests
        let now = ContinuousClock.now
        guard now - untold.since > .milliseconds(50) else { return }
        onRequests(untold.count)
        untold = (0, now)
    }

    /// An executor for steps within a step, which tells the same onlooker.
    func nested(_ scenario: Scenario, client: HTTPClient, scope: Scope) -> ScenarioExecutor {
        let executor = ScenarioExecutor(
            scenario, client: client, calls: calls, scope: scope, secrets: secrets, limits: limits,
            onRequests: onRequests)
        executor.isTearingDown = isTearingDown
        executor.neighbours = neighbours
        return executor
    }

    /// Whether a step that runs at the same time has failed, so that nothing comes of this one.
    private var isAbandoned: Bool { !isTearingDown && neighbours.contains(where: \.isSet) }

    /// Ends what is under way once it is set.
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

    /// Waits, but not where the deadline comes meanwhile.
    ///
    /// - Returns: whether there is still time.
    func pause(_ duration: Duration, before deadline: ContinuousClock.Instant?) throws(Interruption) -> Bool {
        if let deadline, ContinuousClock.now + duration >= deadline { return false }
        try pause(duration)
        return deadline.map { ContinuousClock.now < $0 } ?? true
    }
}

/// Why a step could not be carried out.
enum Interruption: Error {
    case transport(TransportError, Exchange?)
    case rendering(TemplateError, Range<Int>)
    case unstarted(Diagnostic)
    case stopped(String)
    /// It would have waited on, but a step that runs at the same time has failed.
    case abandoned
}
