import Audit
import ScenarioRunner

/// Counts of a run's scenarios, steps, audits and assertions by outcome.
struct RunTally: Hashable, Sendable {
    var scenarios: [Outcome: Int] = [:]
    var steps: [Outcome: Int] = [:]
    var assertionsPassed = 0
    var assertionsFailed = 0
    var audits: [AuditVerdict: Int] = [:]
    var requests = 0

    init(_ scenarios: [ScenarioResult]) {
        for scenario in scenarios {
            self.scenarios[scenario.outcome, default: 0] += 1
            requests += scenario.requests
            for audit in scenario.audits { audits[audit.finding.verdict, default: 0] += 1 }
            for step in scenario.steps {
                steps[step.outcome, default: 0] += 1
                assertionsPassed += step.assertions.passed
                assertionsFailed += step.assertions.failed
            }
        }
    }
}

extension Outcome {
    /// All outcomes, in the order used by reports.
    static let all: [Outcome] = [.passed, .skipped, .failed, .errored]
}

extension StepResult {
    /// The kept exchanges and those of failures, in order of their start.
    var reportedExchanges: [Exchange] {
        var all = exchanges
        for exchange in failures.compactMap(\.exchange) where !all.contains(where: { $0.start == exchange.start }) {
            all.append(exchange)
        }
        return all.sorted { $0.start < $1.start }
    }
}
