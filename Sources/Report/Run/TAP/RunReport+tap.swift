import Audit
import Scenario
import ScenarioRunner

extension RunReport {
    /// Test Anything Protocol, version 14: one test point per step and per audit, each with a YAML block of details.
    package static var tap: RunReport {
        RunReport("tap") { result, _ in
            TestPoint.document(result.scenarios.flatMap(TestPoint.all))
        }
    }
}

/// A step or an audit as a test point, or the start of a scenario that could not start.
struct TestPoint {
    let name: String
    let outcome: Outcome
    var skipReason = "not reached"
    let diagnostics: YAML

    static func all(of scenario: ScenarioResult) -> [TestPoint] {
        let start = scenario.startFailure.map { failure in
            TestPoint(
                name: "\(scenario.name): start", outcome: .errored,
                diagnostics: .map([
                    ("at", .place(failure.diagnostic.position, in: scenario.file)),
                    ("failures", .list([.failure(failure)])),
                ]))
        }
        return (start.map { [$0] } ?? []) + scenario.steps.map { TestPoint($0, of: scenario) }
            + scenario.audits.map { TestPoint($0, of: scenario) }
    }

    init(name: String, outcome: Outcome, diagnostics: YAML) {
        self.name = name
        self.outcome = outcome
        self.diagnostics = diagnostics
    }

    private init(_ step: StepResult, of scenario: ScenarioResult) {
        name = "\(scenario.name): \(step.id)"
        outcome = step.outcome
        if let reason = scenario.skipReason { skipReason = reason }
        var facts: [(String, YAML)] = [
            ("at", .place(scenario.file.position(of: step.range.lowerBound), in: scenario.file))
        ]
        if step.outcome != .skipped {
            facts += [
                ("duration_ms", .number(step.duration)), ("requests", .integer(step.requests)),
                ("assertions", .integer(step.assertions.passed + step.assertions.failed)),
            ]
        }
        if let burst = step.burst {
            facts.append(
                (
                    "burst",
                    .map([
                        ("count", .integer(burst.count)), ("concurrency", .integer(burst.concurrency)),
                        ("peak_in_flight", .integer(burst.peakInFlight)), ("spread_ms", .number(burst.spread)),
                    ])
                ))
        }
        if !step.failures.isEmpty { facts.append(("failures", .list(step.failures.map(YAML.failure)))) }
        diagnostics = .map(facts)
    }

    private init(_ audit: ScenarioAudit, of scenario: ScenarioResult) {
        name = "\(scenario.name): audit: \(audit.name)"
        outcome = audit.outcome
        var facts: [(String, YAML)] = [
            ("at", .place(scenario.file.position(of: audit.range.lowerBound), in: scenario.file)),
            ("verdict", .literal(audit.finding.verdict.rawValue)), ("sentence", .text(audit.finding.sentence)),
        ]
        if let resolution = audit.finding.resolution { facts.append(("resolution", .text(resolution))) }
        if let failure = audit.failure(in: scenario.file) { facts.append(("failures", .list([.failure(failure)]))) }
        diagnostics = .map(facts)
    }

    /// A whole report.
    static func document(_ points: [TestPoint]) -> String {
        var lines = ["TAP version 14", "1..\(points.count)"]
        for (index, point) in points.enumerated() { lines += point.lines(number: index + 1) }
        return lines.joined(separator: "\n") + "\n"
    }

    private func lines(number: Int) -> [String] {
        let isOK = outcome == .passed || outcome == .skipped
        let directive = outcome == .skipped ? " # SKIP \(Self.escaped(skipReason))" : ""
        return ["\(isOK ? "ok" : "not ok") \(number) - \(Self.escaped(name))\(directive)"]
            + (["---"] + diagnostics.lines + ["..."]).map { "  \($0)" }
    }

    /// The name on one line, escaped so that a hash does not start a directive.
    private static func escaped(_ name: String) -> String {
        let line = DiagnosticRenderer.printable(name.split(whereSeparator: \.isNewline).joined(separator: " "))
        return line.replacing("\\", with: "\\\\").replacing("#", with: "\\#")
    }
}

extension YAML {
    fileprivate static func place(_ position: SourceFile.Position, in file: SourceFile) -> YAML {
        .map([
            ("file", .text(file.path)), ("line", .integer(position.line)), ("column", .integer(position.column)),
        ])
    }

    fileprivate static func number(_ duration: Duration) -> YAML {
        .literal(JSON.milliseconds(duration).serialized())
    }

    static func integer(_ value: Int) -> YAML { .literal("\(value)") }

    fileprivate static func failure(_ failure: Failure) -> YAML {
        let diagnostic = failure.diagnostic
        var facts: [(String, YAML)] = [
            ("message", .text(diagnostic.message)),
            ("severity", .literal(failure.isError ? "error" : "fail")),
            ("code", .literal(diagnostic.code.rawValue)),
            ("at", place(diagnostic.position, in: diagnostic.file)),
        ]
        facts += diagnostic.notes.map { ($0.name, .text($0.text)) }
        if let help = diagnostic.help { facts.append(("help", .text(help))) }
        if let exchange = failure.exchange { facts.append(("curl", .text(CurlCommand.render(exchange)))) }
        return .map(facts)
    }
}
