import Histogram
import Load
import Scenario
import Trace

extension LoadReport {
    /// For a terminal or a log.
    package static var text: LoadReport { LoadReport("text") { LoadText(style: $1).text(of: $0) + "\n" } }
}

/// Formats a load's result as text.
private struct LoadText {
    let style: TextStyle

    func text(of load: EvaluatedLoad) -> String {
        let (result, thresholds) = (load.result, load.thresholds)
        var lines = [heading(result), ""]
        // In the closed model a request is due as soon as the previous response has arrived, so response and service
        // times differ only after a reconnect.
        var tables = [LoadTimeTable(result, .response, style: style)]
        if result.model.isOpen { tables.append(LoadTimeTable(result, .service, style: style)) }
        for table in tables { lines += table.lines + [""] }
        let observation = load.observation.map { LoadObservationText(observation: $0, style: style) }
        lines += (facts(result) + (observation?.facts ?? []) + trace(load)).map { name, text in
            style(.bold, name) + String(repeating: " ", count: max(1, 13 - name.count)) + text
        }
        if let costs = observation?.costs, !costs.isEmpty { lines += [""] + costs }
        if !thresholds.isEmpty { lines += [""] + thresholds.map(line) }
        lines += AuditText(style: style).lines(load.audits)
        for reason in load.invalidities {
            lines += ["", "\(style(.boldRed, "✗ the measurement is invalid:")) \(reason)"]
        }
        let failures = result.steps.flatMap { step in step.failures.map { (step, $0) } }
        for (step, failure) in failures {
            lines.append("")
            lines.append(
                "\(style(.boldRed, "✗")) \(step.id): \(failure.assertion)  \(style(.dim, failure.place))")
            lines.append(
                "  failed \(NumberText.count(failure.count)) of \(NumberText.count(step.all.count)) times; first: "
                    + DiagnosticRenderer.printable(failure.example))
        }
        return lines.joined(separator: "\n")
    }

    private func heading(_ result: LoadResult) -> String {
        var facts = [
            result.target,
            "\(result.virtualUsers) virtual user\(result.virtualUsers == 1 ? "" : "s"), \(model(result.model))",
            NumberText.time(result.measured),
        ]
        if result.wasInterrupted { facts.append("stopped early") }
        if result.warmUp > 0 { facts.append("\(NumberText.time(result.warmUp)) warm-up excluded") }
        return "\(style(.bold, result.name))  \(style(.dim, facts.joined(separator: " · ")))"
    }

    private func model(_ model: ModelSummary) -> String {
        guard model.isOpen else { return "closed model" }
        var text = "open model"
        if let rates = model.rates {
            text +=
                " at \(rates.map(NumberText.rate).reduce(into: [String]()) { if $0.last != $1 { $0.append($1) } }.joined(separator: " → "))"
        }
        if model.distribution == .poisson { text += ", Poisson arrivals" }
        return text
    }

    /// `✓ p99  want < 5ms  got 1.02ms`.
    private func line(_ threshold: EvaluatedThreshold) -> String {
        let mark =
            switch threshold.verdict {
            case .passed: style(.green, "✓")
            case .failed: style(.boldRed, "✗")
            case .undecided: style(.boldYellow, "?")
            }
        let got = threshold.figure.text { value in
            threshold.isTime ? NumberText.time(Nanoseconds(max(0, value * 1e6))) : NumberText.figure(value)
        }
        let want = "\(threshold.comparison.sign) \(value(of: threshold))"
        var parts = ["\(mark) \(threshold.metric)", "want \(want)", "got \(style(.bold, got))"]
        if let reason = threshold.verdict.reason { parts.append("undecided: \(Self.words(reason))") }
        if !threshold.passed { parts.append(style(.dim, threshold.place)) }
        return parts.joined(separator: "  ")
    }

    private func value(of threshold: EvaluatedThreshold) -> String {
        guard let value = threshold.value else {
            return threshold.verdict == .undecided(.unreadable) ? "an unknown value" : Secrets.mask
        }
        let time = threshold.isTime ? Duration.text(milliseconds: value) : nil
        return time ?? Int(exactly: value).map(NumberText.count) ?? "\(value)"
    }

    private static func words(_ reason: ThresholdVerdict.Reason) -> String {
        switch reason {
        case .tooFewSamples: "too few samples"
        case .unfinished: "failed and unfinished requests could decide it either way"
        case .generator: "the generator's lag could decide it either way"
        case .unreadable: "could not be evaluated"
        }
    }

    private func facts(_ result: LoadResult) -> [(String, String)] {
        var facts: [(String, String)] = []
        facts.append(
            (
                "responses",
                "\(NumberText.count(result.responses)) (\(NumberText.rate(result.rate))), \(NumberText.bytes(result.bytes))"
            ))
        if result.model.isOpen { facts.append(("offered", offered(result))) }
        if let hits = result.hits {
            facts.append(("cache hits", NumberText.share(hits, of: result.responses)))
        }
        facts.append(("429", NumberText.share(result.count(ofStatus: 429), of: result.responses)))
        facts.append(("status", statuses(result)))
        facts.append(("assertions", assertions(result)))
        facts.append(("errors", errors(result)))
        if !result.reconnects.isEmpty {
            let text = result.reconnects.map {
                "\(NumberText.count($0.count)) \($0.failure?.rawValue ?? "closed by server")"
            }
            facts.append(("reconnects", text.joined(separator: ", ")))
        }
        if !result.unfinished.isEmpty { facts.append(("unfinished", unfinished(result))) }
        facts += result.steps.compactMap { step in step.admission.map { ("admission", admission($0, of: step)) } }
        let lags = [result.lag.server, result.lag.generator, result.lag.receive]
        if lags.contains(where: { $0.totalCount > 0 }) { facts.append(("lag", lag(result.lag))) }
        facts.append(("generator", generator(result)))
        return facts
    }

    /// `all.trace: 12,345 requests`.
    private func trace(_ load: EvaluatedLoad) -> [(String, String)] {
        guard let trace = load.trace else { return [] }
        var text = "\(trace.path): \(NumberText.count(trace.requests)) requests"
        if !trace.isComplete {
            text += ", " + style(.boldRed, "\(NumberText.count(Int(clamping: trace.lost))) missing")
        }
        return [("trace", text)]
    }

    private func offered(_ result: LoadResult) -> String {
        var parts = ["\(NumberText.count(result.offered)) arrivals (\(NumberText.rate(result.offeredRate)))"]
        if result.bunchedArrivals > 0 {
            parts.append("\(NumberText.share(result.bunchedArrivals, of: result.offered)) bunched by the generator")
        }
        if result.arrivalsWithoutUser > 0 {
            parts.append(
                style(.boldRed, "\(NumberText.count(result.arrivalsWithoutUser)) found no free virtual user"))
        }
        return parts.joined(separator: ", ")
    }

    /// `406: 3 in flight, 403 waiting for a virtual user`.
    private func unfinished(_ result: LoadResult) -> String {
        let parts = UnfinishedReason.allCases.compactMap { reason in
            result.unfinished[reason].map { count in
                let text =
                    switch reason {
                    case .inFlight: "in flight"
                    case .waitingForUser: "waiting for a virtual user"
                    case .waitingForConnection: "waiting for a connection"
                    }
                return "\(NumberText.count(count)) \(text)"
            }
        }
        let total = result.unfinished.values.reduce(0, +)
        return "\(NumberText.count(total)): \(parts.joined(separator: ", "))"
    }

    /// `read: 120 denied requests were admitted after p50 4.10s, p99 n/a, max 9.98s; 3 still waited`.
    private func admission(_ admission: AdmissionTimes, of step: LoadStepResult) -> String {
        let times = admission.times
        var parts: [String] = []
        if times.totalCount > 0 {
            let most = NumberText.time(Nanoseconds(times.max))
            let percentiles = [50.0, 99].map {
                "p\(NumberText.percentile($0)) \(NumberText.time(times.time(atPercentile: $0)))"
            }
            parts.append(
                "\(NumberText.count(Int(times.totalCount))) denied requests were admitted after "
                    + "\(percentiles.joined(separator: ", ")), max \(most)")
        }
        if admission.waiting > 0 { parts.append("\(NumberText.count(admission.waiting)) still waited at the end") }
        return "\(step.id): \(parts.joined(separator: "; "))"
    }

    /// Why requests were sent, or responses read, later than they should have been.
    private func lag(_ lag: Lag) -> String {
        func times(_ times: TimeHistogram) -> String {
            "p50 \(NumberText.time(times.time(atPercentile: 50))), p99 \(NumberText.time(times.time(atPercentile: 99)))"
        }
        var parts: [String] = []
        if lag.generator.totalCount > 0 { parts.append("generator \(times(lag.generator))") }
        if lag.server.totalCount > 0 { parts.append("server \(times(lag.server))") }
        if lag.receive.totalCount > 0 { parts.append("receive \(times(lag.receive))") }
        return parts.joined(separator: "; ")
    }

    private func statuses(_ result: LoadResult) -> String {
        let counts = result.statuses.sorted { $0.key < $1.key }
        return counts.isEmpty
            ? "none" : counts.map { "\($0.key) × \(NumberText.count($0.value))" }.joined(separator: ", ")
    }

    private func assertions(_ result: LoadResult) -> String {
        guard result.failedResponses > 0 else {
            guard result.hasAssertions else { return "none" }
            return result.wasChecked ? style(.green, "passed for every response") : "never evaluated"
        }
        let plural = result.failedResponses == 1 ? "" : "s"
        return style(.boldRed, "failed for \(NumberText.count(result.failedResponses)) response\(plural)")
            + " (\(NumberText.share(result.failedResponses, of: result.responses)))"
    }

    private func errors(_ result: LoadResult) -> String {
        let tallies = result.errorTallies.sorted { $0.value.count > $1.value.count }
        guard !tallies.isEmpty else { return "none" }
        return tallies.map { kind, tally in
            "\(style(.boldRed, "\(NumberText.count(tally.count)) \(kind.rawValue)")) (\(DiagnosticRenderer.printable(tally.example)))"
        }.joined(separator: ", ")
    }

    private func generator(_ result: LoadResult) -> String {
        let threads = result.generator.threads
        let share =
            result.measured > 0 ? Double(result.generator.total) / Double(result.measured) / Double(threads.count) : 0
        var text =
            "\(threads.count) thread\(threads.count == 1 ? "" : "s") at \(NumberText.fixed(share * 100, 0))% of a core"
        if result.responses > 0 {
            let each = Double(result.generator.total) / Double(result.responses) / 1000
            text += ", \(NumberText.fixed(each, 1)) µs of CPU per response"
        }
        let runDelay = threads.reduce(0) { $0 + $1.runDelay }
        if result.measured > 0 {
            let share = Double(runDelay) / Double(result.measured) / Double(threads.count)
            // Below one percent is normal on any machine.
            if share >= 0.01 { text += ", waiting for a core \(NumberText.fixed(share * 100, 0))% of the time" }
        }
        let batched = threads.reduce(0) { $0 + $1.wakeUpBatching }
        if batched > 0, result.measured > 0 {
            let share = Double(batched) / Double(result.measured) / Double(threads.count)
            text += ", wake-up batching \(NumberText.fixed(share * 100, 0))% of the time"
        }
        for (index, share) in result.busyThreads {
            text += ", " + style(.boldRed, "thread \(index + 1) busy \(NumberText.fixed(share * 100, 0))% of the time")
        }
        return text
    }
}
