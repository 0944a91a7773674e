import Audit
import Scenario
import ScenarioRunner
import Version

extension RunReport {
    /// The whole result tree, in the format that `RunReportSchema` describes.
    package static var json: RunReport {
        RunReport("json") { result, _ in try RunJSON(clock: RunClock(result)).run(result).serialized(indent: 2) + "\n" }
    }
}

/// Converts each part of the tree to JSON. Members without a value are omitted.
struct RunJSON {
    let clock: RunClock

    func run(_ result: RunResult) throws -> JSON {
        let tally = RunTally(result.scenarios)
        return try .members([
            "verdict": .string(result.verdict.name),
            "format": .string(RunReportSchema.identifier),
            "gauntletVersion": .string(Release.version),
            "outcome": .string(result.outcome.rawValue),
            "base": .string(result.base),
            "startedAt": .string(clock.timestamp()),
            "durationMs": .milliseconds(result.duration),
            "summary": .members([
                "scenarios": counts(tally.scenarios),
                "steps": counts(tally.steps),
                "assertions": assertions(passed: tally.assertionsPassed, failed: tally.assertionsFailed),
                "audits": tally.audits.isEmpty ? nil : audits(tally.audits),
                "requests": .integer(tally.requests),
            ]),
            "scenarios": .array(result.scenarios.map(scenario)),
        ])
    }

    private func scenario(_ result: ScenarioResult) throws -> JSON {
        try .members([
            "name": .string(result.name),
            "description": result.description.map(JSON.string),
            "tags": .array(result.tags.map(JSON.string)),
            "file": .string(result.file.path),
            "address": result.address.map(JSON.string),
            "outcome": .string(result.outcome.rawValue),
            "startMs": .milliseconds(clock.offset(of: result.start)),
            "durationMs": .milliseconds(result.duration),
            "requests": .integer(result.requests),
            "skipReason": result.skipReason.map(JSON.string),
            "startFailure": result.startFailure.map { failure($0, among: []) },
            "steps": .array(result.steps.map { step($0, in: result.file) }),
            "audits": result.audits.isEmpty ? nil : .array(result.audits.map { try audit($0, in: result.file) }),
        ])
    }

    private func step(_ result: StepResult, in file: SourceFile) -> JSON {
        let position = file.position(of: result.range.lowerBound)
        let exchanges = result.reportedExchanges
        return .members([
            "id": .string(result.id),
            "phase": .string(result.phase.rawValue),
            "line": .integer(position.line),
            "column": .integer(position.column),
            "outcome": .string(result.outcome.rawValue),
            "startMs": .milliseconds(clock.offset(of: result.start)),
            "durationMs": .milliseconds(result.duration),
            "requests": .integer(result.requests),
            "assertions": assertions(passed: result.assertions.passed, failed: result.assertions.failed),
            "failures": .array(result.failures.map { failure($0, among: exchanges) }),
            "exchanges": .array(exchanges.map(exchange)),
            "burst": result.burst.map(burst),
            "captures": .array(
                result.captures.map { ["name": .string($0.name), "value": .string($0.value)] }),
        ])
    }

    private func audit(_ audit: ScenarioAudit, in file: SourceFile) throws -> JSON {
        let finding = try JSON(encoding: audit.finding, first: ["verdict", "audit", "sentence", "key", "sentMs"])
        guard case .object(let members) = finding else { return finding }
        let position = file.position(of: audit.range.lowerBound)
        return .members(
            members.map { ($0.key, $0.value) }
                + [("line", .integer(position.line)), ("column", .integer(position.column))])
    }

    private func audits(_ verdicts: [AuditVerdict: Int]) -> JSON {
        .members(AuditVerdict.allCases.map { ($0.rawValue, .integer(verdicts[$0, default: 0])) })
    }

    private func failure(_ failure: Failure, among exchanges: [Exchange]) -> JSON {
        let diagnostic = failure.diagnostic
        let position = diagnostic.position
        let named = Dictionary(diagnostic.notes.map { ($0.name, $0.text) }, uniquingKeysWith: { first, _ in first })
        let others = diagnostic.notes.filter { !["expected", "actual"].contains($0.name) }
        return .members([
            "kind": .string(failure.isError ? "error" : "failure"),
            "code": .string(diagnostic.code.rawValue),
            "message": .string(diagnostic.message),
            "file": .string(diagnostic.file.path),
            "line": .integer(position.line),
            "column": .integer(position.column),
            "source": .string(diagnostic.file.line(position.line)),
            "label": diagnostic.label.map(JSON.string),
            "expected": named["expected"].map(JSON.string),
            "actual": named["actual"].map(JSON.string),
            "notes": others.isEmpty
                ? nil : .array(others.map { ["name": .string($0.name), "text": .string($0.text)] }),
            "help": diagnostic.help.map(JSON.string),
            "exchange": failure.exchange.flatMap { shown in
                exchanges.firstIndex { $0.start == shown.start }.map(JSON.integer)
            },
            "curl": failure.exchange.map { .string(CurlCommand.render($0)) },
        ])
    }

    private func burst(_ measure: BurstMeasure) -> JSON {
        [
            "count": .integer(measure.count),
            "concurrency": .integer(measure.concurrency),
            "peakInFlight": .integer(measure.peakInFlight),
            "spreadMs": .milliseconds(measure.spread),
        ]
    }

    private func counts(_ outcomes: [Outcome: Int]) -> JSON {
        .members(Outcome.all.map { ($0.rawValue, .integer(outcomes[$0, default: 0])) })
    }

    private func assertions(passed: Int, failed: Int) -> JSON {
        ["passed": .integer(passed), "failed": .integer(failed)]
    }
}
