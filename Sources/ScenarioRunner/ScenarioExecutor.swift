import Scenario

/// Runs one scenario, on one thread, and makes its part of the result tree.
final class ScenarioExecutor {
    private let scenario: Scenario
    private let client: HTTPClient
    private let shouldStop: () -> Bool
    private let onRequests: (Int) -> Void
    private var scope: Scope
    private var secrets: Secrets

    /// - Parameters:
    ///   - shouldStop: asked before every request; true ends the scenario, but for its teardown.
    ///   - onRequests: told how many requests have been sent since it was last told.
    init(
        _ scenario: Scenario, client: HTTPClient, scope: Scope, secrets: Secrets,
        shouldStop: @escaping () -> Bool, onRequests: @escaping (Int) -> Void
    ) {
        self.scenario = scenario
        self.client = client
        self.scope = scope
        self.secrets = secrets
        self.shouldStop = shouldStop
        self.onRequests = onRequests
    }

    func run() -> ScenarioResult {
        let start = ContinuousClock.now
        var results: [StepResult] = []
        var isStopped = false
        for (phase, steps) in [(StepResult.Phase.setup, scenario.setup), (.steps, scenario.steps)] {
            for step in steps {
                guard !isStopped else {
                    results.append(.skipped(step, phase))
                    continue
                }
                let result = run(step, phase)
                isStopped = result.outcome > .skipped
                results.append(result)
            }
        }
        // Whatever happened before, what was made is taken away again.
        for step in scenario.teardown { results.append(run(step, .teardown)) }
        return ScenarioResult(
            file: secrets.redact(scenario.file), name: scenario.name, description: scenario.description,
            tags: scenario.tags, start: start, address: client.address,
            steps: results.map { $0.redacted(by: secrets) }, duration: ContinuousClock.now - start)
    }

    private func run(_ step: Step, _ phase: StepResult.Phase) -> StepResult {
        var progress = StepProgress(step, phase, in: scenario.file)
        switch step.action {
        case .sleep(let duration): pause(duration, isTeardown: phase == .teardown, &progress)
        case .request(let request):
            var group = GroupAccumulator(request.groupExpectation)
            do throws(Interruption) {
                switch request.repetition {
                case .once, .repeat:
                    try sequence(request, isTeardown: phase == .teardown, &group, &progress)
                case .burst(_, let concurrency):
                    try burst(request, concurrency: concurrency, &group, &progress)
                }
                try finish(group, request.groupExpectation, &progress)
            } catch {
                progress.interrupt(error)
            }
        }
        return progress.finished()
    }

    private func sequence(
        _ step: RequestStep, isTeardown: Bool, _ group: inout GroupAccumulator, _ progress: inout StepProgress
    ) throws(Interruption) {
        for number in 1...step.repetition.count {
            guard isTeardown || !shouldStop() else { throw .stopped }
            let request = try render(step.request)
            let exchange = client.send(request)
            onRequests(1)
            let isLast = number == step.repetition.count
            try examine(exchange, step, capturing: isLast, &group, &progress)
            if progress.hasFailed { return }
        }
    }

    private func burst(
        _ step: RequestStep, concurrency: Int, _ group: inout GroupAccumulator, _ progress: inout StepProgress
    ) throws(Interruption) {
        var requests: [Request] = []
        for _ in 0..<step.repetition.count { requests.append(try render(step.request)) }
        let burst: Burst
        do throws(TransportError) { burst = try client.burst(requests, concurrency: concurrency) } catch {
            throw .transport(error, nil)
        }
        onRequests(burst.exchanges.count)
        progress.burst = burst.measure
        for (index, exchange) in burst.exchanges.enumerated() {
            try examine(
                exchange, step, capturing: index == burst.exchanges.count - 1, &group, &progress)
        }
    }

    private func render(_ template: RequestTemplate) throws(Interruption) -> Request {
        do throws(TemplateError) { return try template.render(scope) } catch {
            throw .rendering(error, template.range)
        }
    }

    private func examine(
        _ exchange: Exchange, _ step: RequestStep, capturing: Bool, _ group: inout GroupAccumulator,
        _ progress: inout StepProgress
    ) throws(Interruption) {
        progress.add(exchange)
        switch exchange.result {
        case .failure(let error): throw .transport(error, exchange)
        case .success(let response):
            var examined = ExaminedResponse(response)
            do throws(TemplateError) {
                // Before the assertions: they may use what is captured, and what is secret must be known when they fail.
                if capturing { try capture(step.captures, from: &examined, exchange, &progress) }
                let mismatches = try step.expectation.mismatches(of: &examined, in: scope)
                progress.assert(step.expectation.count, mismatches, exchange)
                try group.add(&examined, in: scope)
            } catch {
                throw .rendering(error, progress.step.range)
            }
        }
    }

    private func capture(
        _ captures: [Capture], from response: inout ExaminedResponse, _ exchange: Exchange,
        _ progress: inout StepProgress
    ) throws(TemplateError) {
        for capture in captures {
            let observed = response.observe(capture.query)
            guard let value = observed.value else {
                progress.fail(
                    Diagnostic(
                        .capture, "nothing to capture as \"\(capture.name)\"", in: scenario.file, at: capture.range,
                        notes: [.init("expected", "a value at \(capture.query.name)"), .init("actual", observed.text)]),
                    exchange)
                continue
            }
            scope.variables[capture.name] = value
            if capture.isSecret { secrets.insert(value) }
            progress.captures.append((capture.name, value.templateText))
        }
    }

    private func finish(
        _ group: GroupAccumulator, _ expectation: GroupExpectation, _ progress: inout StepProgress
    ) throws(Interruption) {
        guard expectation.count > 0, !progress.hasFailed else { return }
        do throws(TemplateError) {
            progress.assert(expectation.count, try group.mismatches(in: scope), progress.exchanges.last)
        } catch {
            throw .rendering(error, progress.step.range)
        }
    }

    private func pause(_ duration: Duration, isTeardown: Bool, _ progress: inout StepProgress) {
        let end = ContinuousClock.now + duration
        while ContinuousClock.now < end {
            if !isTeardown, shouldStop() { return progress.interrupt(.stopped) }
            Pause.wait(min(end - ContinuousClock.now, .milliseconds(50)))
        }
    }
}

/// Why a step could not be carried out.
enum Interruption: Error {
    case transport(TransportError, Exchange?)
    case rendering(TemplateError, Range<Int>)
    case stopped
}
