import ScenarioRunner

/// How many of a run's parts ended how.
struct RunTally: Hashable, Sendable {
    var scenarios: [Outcome: Int] = [:]
    var steps: [Outcome: Int] = [:]
    var assertionsPassed = 0
    var assertionsFailed = 0
    var requests = 0

    init(_ scenarios: [ScenarioResult]) {
        for scenario in scenarios {
            self.scenarios[scenario.outcome, default: 0] += 1
            requests += scenario.requests
            for step in scenario.steps {
                steps[step.outcome, default: 0] += 1
                assertionsPassed += step.assertions.passed
                assertionsFailed += step.assertions.failed
            }
        }
    }
}

extension Outcome {
    /// In the order in which reports count them.
    static let all: [Outcome] = [.passed, .skipped, .failed, .errored]
}

extension StepResult {
    /// The exchanges that were kept, and those of failures that were not, in the order in which they began.
    var reportedExchanges: [Exchange] {
        var all = exchanges
        for exchange in failures.compactMap(\.exchange) where !all.contains(where: { $0.start == exchange.start }) {
            all.append(exchange)
        }
        return all.sorted { $0.start < $1.start }
    }
}
