import Scenario

// Request steps: once, repeated, polled, in a burst.
extension ScenarioExecutor {
    func send(_ step: RequestStep, _ progress: inout StepProgress) throws(Interruption) {
        var group = GroupAccumulator(step.groupExpectation)
        switch step.repetition {
        case .once: try exchange(step, capturing: true, &group, &progress)
        case .repeat(let count):
            for number in 1...count where !progress.hasFailed {
                try exchange(step, capturing: number == count, &group, &progress)
            }
        case .poll(let poll): try self.poll(poll, step, &group, &progress)
        case .burst(let count, let concurrency):
            try burst(step, count: count, concurrency: concurrency, &group, &progress)
        }
        guard step.groupExpectation.count > 0, !progress.hasFailed else { return }
        do throws(TemplateError) {
            progress.assert(step.groupExpectation.count, try group.mismatches(in: scope), progress.exchanges.last)
        } catch {
            throw .rendering(error, progress.step.range)
        }
    }

    private func exchange(
        _ step: RequestStep, capturing: Bool, _ group: inout GroupAccumulator, _ progress: inout StepProgress
    ) throws(Interruption) {
        let exchange = try sendOne(step, &progress)
        try examine(exchange, step, capturing: capturing, &group, &progress)
    }

    /// Sends one request and retries it after a transport error, up to the step's number of retries.
    ///
    /// - Parameter deadline: no retry starts at or after this instant.
    private func sendOne(
        _ step: RequestStep, before deadline: ContinuousClock.Instant? = nil, _ progress: inout StepProgress
    ) throws(Interruption) -> Exchange {
        var triesLeft = step.retries
        while true {
            try checkLimits()
            var request = try render(step.request)
            let timeout = request.options.timeout
            let audited = try audited(request, progress.step, step.request)
            if !isTearingDown { request.options.timeout = limits.timeout(timeout) }
            var exchange = client.send(request, until: stopFlag)
            // Report the request's own timeout, not the scenario's remaining time.
            exchange.request.options.timeout = timeout
            audits?.record(audited, of: progress.step.id, exchange)
            trace?.record(exchange, of: progress.step.id)
            if exchange.wasSent {
                progress.requests += 1
                tell(1)
            }
            guard exchange.response == nil, exchange.wasSent, triesLeft > 0,
                try pause(.milliseconds(100), before: deadline)
            else {
                progress.add(exchange)
                return exchange
            }
            triesLeft -= 1
        }
    }

    /// Polls until a response meets the `until` expectation or the time is up.
    ///
    /// Each response must also meet the step's own expectation. Values are captured only from the response that ends
    /// the poll.
    private func poll(
        _ poll: Poll, _ step: RequestStep, _ group: inout GroupAccumulator, _ progress: inout StepProgress
    ) throws(Interruption) {
        let deadline = ContinuousClock.now + poll.timeout
        while true {
            let next = ContinuousClock.now + poll.interval
            let exchange = try sendOne(step, before: deadline, &progress)
            let missing = try missing(poll.until, in: exchange, of: progress.step)
            try examine(exchange, step, capturing: missing.isEmpty, &group, &progress)
            if missing.isEmpty { return progress.assert(poll.until.count, [], exchange) }
            if progress.hasFailed { return }
            // A response may take longer than the interval or the whole poll.
            guard try pause(max(next - ContinuousClock.now, .zero), before: deadline) else {
                return progress.assert(
                    poll.until.count, missing, exchange, waited: "within \(poll.timeout.shortText)")
            }
        }
    }

    /// The mismatches with the poll's `until` expectation. Empty without a response: `examine` reports that as an
    /// error.
    private func missing(
        _ until: Expectation, in exchange: Exchange, of step: Step
    ) throws(Interruption) -> [Mismatch] {
        guard let response = exchange.response else { return [] }
        var examined = ExaminedResponse(response, elapsed: elapsed(at: exchange))
        do throws(TemplateError) { return try until.mismatches(of: &examined, in: scope) } catch {
            throw .rendering(error, step.range)
        }
    }

    private func burst(
        _ step: RequestStep, count: Int, concurrency: Int, _ group: inout GroupAccumulator,
        _ progress: inout StepProgress
    ) throws(Interruption) {
        try checkLimits()
        var requests: [Request] = []
        var audited: [[AuditRecorder.NotedRequest]] = []
        for _ in 0..<count {
            let request = try render(step.request)
            requests.append(request)
            audited.append(try self.audited(request, progress.step, step.request))
        }
        let timeouts = requests.map(\.options.timeout)
        if !isTearingDown {
            for index in requests.indices { requests[index].options.timeout = limits.timeout(timeouts[index]) }
        }
        var burst: Burst
        do throws(TransportError) {
            burst = try client.burst(requests, concurrency: concurrency, until: stopFlag)
        } catch {
            throw .transport(error, nil)
        }
        // Report the request's own timeout, not the scenario's remaining time.
        for index in burst.exchanges.indices { burst.exchanges[index].request.options.timeout = timeouts[index] }
        for (audited, exchange) in zip(audited, burst.exchanges) {
            audits?.record(audited, of: progress.step.id, exchange)
            trace?.record(exchange, of: progress.step.id)
        }
        progress.requests += burst.exchanges.count
        tell(burst.exchanges.count)
        progress.burst = burst.measure
        for (index, exchange) in burst.exchanges.enumerated() {
            progress.add(exchange)
            try examine(exchange, step, capturing: index == burst.exchanges.count - 1, &group, &progress)
        }
    }

    private func render(_ template: RequestTemplate) throws(Interruption) -> Request {
        do throws(TemplateError) { return try scope.request(template) } catch {
            throw .rendering(error, template.range)
        }
    }

    /// What audits record of a request.
    private func audited(
        _ request: Request, _ step: Step, _ template: RequestTemplate
    ) throws(Interruption) -> [AuditRecorder.NotedRequest] {
        guard let audits else { return [] }
        do throws(TemplateError) { return try audits.note(request, of: step.id, in: scope) } catch {
            throw .rendering(error, template.range)
        }
    }

    private func examine(
        _ exchange: Exchange, _ step: RequestStep, capturing: Bool, _ group: inout GroupAccumulator,
        _ progress: inout StepProgress
    ) throws(Interruption) {
        switch exchange.result {
        case .failure(let error): throw .transport(error, exchange)
        case .success(let response):
            var examined = ExaminedResponse(response, elapsed: elapsed(at: exchange))
            do throws(TemplateError) {
                // Capture before asserting: assertions may use captured values, and secrets must be known before any
                // failure is reported.
                if capturing { capture(step.captures, from: &examined, exchange, &progress) }
                let mismatches = try step.expectation.mismatches(of: &examined, in: scope)
                progress.assert(step.expectation.count, mismatches, exchange)
                try group.add(&examined, in: scope)
            } catch {
                throw .rendering(error, progress.step.range)
            }
        }
    }

    /// For each step that has started, the time from its start to the end of the exchange.
    private func elapsed(at exchange: Exchange) -> [String: Duration] {
        let end = exchange.start + exchange.duration
        return starts.mapValues { end - $0 }
    }

    private func capture(
        _ captures: [Capture], from response: inout ExaminedResponse, _ exchange: Exchange,
        _ progress: inout StepProgress
    ) {
        for capture in captures {
            let observed = response.observe(capture.query)
            guard let value = capture.value(of: observed) else {
                let pattern = capture.match.map { " that matches \($0.pattern)" } ?? ""
                progress.fail(
                    Diagnostic(
                        .capture, "nothing to capture as \"\(capture.name)\" in step \"\(progress.step.id)\"",
                        in: scenario.file, at: capture.range,
                        notes: [
                            .init("expected", "a value at \(capture.query.name)\(pattern)"),
                            .init("actual", ValueWords(hiding: secrets).text(of: observed)),
                        ]), exchange)
                continue
            }
            scope.variables[capture.name] = value
            if capture.isSecret { secrets.insert(value) }
            progress.captures.append((capture.name, value.templateText))
        }
    }
}
