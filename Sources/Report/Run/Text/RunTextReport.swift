import Audit
import Scenario
import ScenarioRunner

/// A run result as text, for a terminal or a log.
package struct RunTextReport: Sendable {
    package let style: TextStyle

    /// Maximum length of a request body in a printed command. A longer one would bury the rest of the report.
    private static let commandBodyLimit = 2_000

    package init(style: TextStyle) { self.style = style }

    /// The whole run. An unreachable server is reported in full once; the summary has the count.
    func text(of result: RunResult) -> String {
        var refusals: Set<String> = []
        let scenarios = result.scenarios.map { scenario in
            let isKnown = scenario.refusal.map { !refusals.insert($0).inserted } ?? false
            return isKnown ? headline(scenario) : self.scenario(scenario)
        }
        return (scenarios + ["", summary(result)]).joined(separator: "\n")
    }

    /// The headline of a scenario, followed by its failures and errors.
    package func scenario(_ result: ScenarioResult) -> String {
        let printable = DiagnosticRenderer.printable
        var lines = [headline(result)]
        if let reason = result.skipReason { lines.append(style(.dim, "    not run: \(printable(reason))")) }
        for step in result.steps {
            if let burst = step.burst {
                lines.append(style(.dim, "    \(printable(step.id)): \(Self.text(of: burst))"))
            }
        }
        // The others are among the failures.
        lines += result.audits.filter { $0.outcome == .passed }.map { audit in
            style(.dim, "    \(audit.finding.verdict.rawValue): ") + printable(audit.name) + "\n"
                + style(.dim, "      " + printable(audit.finding.sentence))
        }
        var refusals: [String: Int] = [:]
        for (index, failure) in result.failures.enumerated() {
            if let refusal = failure.refusal {
                refusals[refusal, default: 0] += 1
                if refusals[refusal] != 1 { continue }
            }
            // If several failures share an exchange, it is shown once, after the last of them.
            let next = result.failures.dropFirst(index + 1).first?.exchange?.start
            let isLast = failure.exchange == nil || next != failure.exchange?.start
            lines += ["", text(of: failure, withExchange: isLast)]
        }
        let others = refusals.values.reduce(0) { $0 + $1 - 1 }
        if others > 0 {
            lines += ["", style(.dim, "  \(others) more step\(others == 1 ? "" : "s") could not connect either")]
        }
        if !result.failures.isEmpty { lines.append("") }
        return lines.joined(separator: "\n")
    }

    /// The outcome of a scenario in one line.
    package func headline(_ result: ScenarioResult) -> String {
        let mark =
            switch result.outcome {
            case .passed: style(.boldGreen, "✓")
            case .skipped: style(.yellow, "-")
            case .failed: style(.boldRed, "✗")
            case .errored: style(.boldRed, "!")
            }
        let requests = "\(result.requests) request\(result.requests == 1 ? "" : "s")"
        let facts = "\(DiagnosticRenderer.printable(result.file.path)) · \(requests) · \(result.duration.shortText)"
        return "\(mark) \(DiagnosticRenderer.printable(result.name))  \(style(.dim, facts))"
    }

    package func summary(_ result: RunResult) -> String {
        let steps = result.scenarios.flatMap(\.steps)
        let passed = steps.reduce(0) { $0 + $1.assertions.passed }
        let failed = steps.reduce(0) { $0 + $1.assertions.failed }
        let requests = result.scenarios.reduce(0) { $0 + $1.requests }
        let rate = Double(requests) / max(result.duration.seconds, 1e-9)

        func tally(_ outcomes: [Outcome]) -> String {
            [(Outcome.passed, TextStyle.Tone.green), (.failed, .boldRed), (.errored, .boldRed), (.skipped, .yellow)]
                .compactMap { outcome, tone in
                    let count = outcomes.count { $0 == outcome }
                    return count > 0 ? style(tone, "\(count) \(outcome.rawValue)") : nil
                }.joined(separator: ", ")
        }
        let assertions = [
            passed > 0 ? style(.green, "\(passed) passed") : nil,
            failed > 0 ? style(.boldRed, "\(failed) failed") : nil,
        ].compactMap { $0 }.joined(separator: ", ")
        var rows = [
            ("scenarios", tally(result.scenarios.map(\.outcome))),
            ("steps", tally(steps.map(\.outcome))),
            ("assertions", assertions),
            ("audits", audits(result)),
            ("requests", "\(requests) in \(result.duration.shortText) (\(Int(rate.rounded()))/s)"),
        ]
        if result.scenarios.allSatisfy(\.audits.isEmpty) { rows.removeAll { $0.0 == "audits" } }
        let refusals = Dictionary(grouping: result.scenarios.compactMap(\.refusal)) { $0 }.mapValues(\.count)
        rows += refusals.filter { $0.value > 1 }.sorted { $0.key < $1.key }.map { refusal, count in
            ("refused", "\(count) scenarios \(DiagnosticRenderer.printable(refusal))")
        }
        if result.isInterrupted { rows.insert(("stopped", style(.boldRed, "before the run was complete")), at: 0) }
        return rows.map { name, text in
            let text = text.isEmpty ? "none" : text
            return style(.bold, name) + String(repeating: " ", count: 12 - name.count) + text
        }.joined(separator: "\n")
    }

    /// The number of audits with each verdict.
    private func audits(_ result: RunResult) -> String {
        let verdicts = result.scenarios.flatMap { $0.audits.map(\.finding.verdict) }
        return AuditVerdict.allCases.compactMap { verdict in
            let count = verdicts.count { $0 == verdict }
            return count > 0
                ? style(verdict.outcome == .passed ? .green : .boldRed, "\(count) \(verdict.rawValue)") : nil
        }.joined(separator: ", ")
    }

    func text(of failure: Failure, withExchange: Bool = true) -> String {
        var lines = [DiagnosticRenderer(style: style).render(failure.diagnostic)]
        if withExchange, let exchange = failure.exchange {
            let command = DiagnosticRenderer.printable(CurlCommand.render(exchange, bodyLimit: Self.commandBodyLimit))
            lines.append("\n  \(style(.bold, "request"))   \(command)")
            if let response = exchange.response {
                lines.append("  \(style(.bold, "response"))  \(head(of: response))")
                lines += bodyLines(of: response).map { "            \($0)" }
            }
        }
        return Self.indented(lines.joined(separator: "\n"))
    }

    private func head(of response: Response) -> String {
        var lines = ["HTTP/\(response.httpVersion) \(response.status)"]
        lines += response.headers.map {
            "            \(DiagnosticRenderer.printable($0.name)): \(DiagnosticRenderer.printable($0.value))"
        }
        return lines.joined(separator: "\n")
    }

    /// The start of a body: at most 1,000 bytes and 20 lines.
    private func bodyLines(of response: Response) -> [String] {
        let body = response.body
        guard !body.isEmpty else { return [] }
        let limit = 1_000
        var text = String(decoding: body.prefix(limit), as: UTF8.self)
        if body.count > limit { text += "… (\(response.bodyLength) bytes)" }
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: { $0 == "\n" || $0 == "\r\n" }).prefix(
            20)
        return [""] + lines.map { DiagnosticRenderer.printable(String($0)) }
    }

    static func text(of burst: BurstMeasure) -> String {
        "\(burst.count) requests, peak of \(burst.peakInFlight) in flight, sent within \(burst.spread.shortText)"
    }

    private static func indented(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.allSatisfy(\.isWhitespace) ? "" : "  \($0)" }.joined(separator: "\n")
    }
}
