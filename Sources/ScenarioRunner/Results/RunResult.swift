import FoundationEssentials
import Scenario

/// The result of a run. Every report is a function of it.
package struct RunResult: Sendable {
    package var scenarios: [ScenarioResult]
    /// The URL of the server under test.
    package var base: String
    package var start: Date
    package var duration: Duration
    /// Whether the run was stopped before it finished.
    package var isInterrupted: Bool

    package init(
        scenarios: [ScenarioResult], base: String, start: Date, duration: Duration, isInterrupted: Bool = false
    ) {
        self.isInterrupted = isInterrupted
        self.scenarios = scenarios
        self.base = base
        self.start = start
        self.duration = duration
    }
}

extension RunResult {
    /// The worst outcome of the scenarios that were not skipped. A run that was stopped counts at least as an error.
    package var outcome: Outcome {
        let worst = scenarios.map(\.outcome).filter { $0 != .skipped }.max() ?? .skipped
        return isInterrupted ? max(worst, .errored) : worst
    }

    /// The verdict of the whole run.
    package var verdict: OverallVerdict {
        OverallVerdict(
            hasFailures: outcome == .failed, isComplete: outcome != .errored,
            checks: scenarios.reduce(0) { $0 + $1.checks })
    }
}

/// How a step, scenario or run ended. Ordered like ``OverallVerdict``: a failure is evidence, an error a lack of it.
package enum Outcome: String, Sendable, Comparable {
    case passed, skipped, failed, errored

    private var rank: Int {
        switch self {
        case .passed: 0
        case .skipped: 1
        case .errored: 2
        case .failed: 3
        }
    }

    package static func < (one: Outcome, other: Outcome) -> Bool { one.rank < other.rank }
}

/// The result of one run of a scenario. Secrets in it are masked.
package struct ScenarioResult: Sendable {
    package var file: SourceFile
    package var name: String
    package var description: String?
    package var tags: [String]
    package var start: ContinuousClock.Instant
    /// The source address of its requests; nil for the system's choice.
    package var address: String?
    package var steps: [StepResult]
    package var audits: [ScenarioAudit] = []
    /// Why it could not start; nil if it did.
    package var startFailure: Failure?
    /// Why it was skipped; nil if it was not.
    package var skipReason: String?
    package var duration: Duration

    package var outcome: Outcome {
        if startFailure != nil { return .errored }
        if skipReason != nil { return .skipped }
        return (steps.map(\.outcome) + audits.map(\.outcome)).filter { $0 != .skipped }.max() ?? .passed
    }
    package var failures: [Failure] {
        (startFailure.map { [$0] } ?? []) + steps.flatMap(\.failures) + audits.compactMap { $0.failure(in: file) }
    }
    package var requests: Int { steps.reduce(0) { $0 + $1.requests } }

    /// The number of assertions and audits evaluated. Zero for a skipped scenario: its setup says nothing about what it tests.
    package var checks: Int {
        outcome == .skipped ? 0 : steps.reduce(audits.count) { $0 + $1.assertions.passed + $1.assertions.failed }
    }

    /// The reason why one server refused connections, if all failures are that refusal.
    package var refusal: String? {
        guard let first = failures.first?.refusal, failures.allSatisfy({ $0.refusal == first }) else { return nil }
        return first
    }
}

/// The result of one run of a step.
package struct StepResult: Sendable {
    package enum Phase: String, Sendable {
        case setup, steps, teardown
    }

    package var id: String
    package var phase: Phase
    /// The step's byte range in the file.
    package var range: Range<Int>
    package var start: ContinuousClock.Instant
    package var outcome: Outcome
    /// The number of requests sent.
    package var requests: Int
    /// How many of the step's conditions held, and how many did not.
    package var assertions: Assertions
    package var failures: [Failure]
    /// Why a failure is inconclusive: the step came too late. The step is skipped then.
    package var tooSlow: String?
    /// All exchanges; if there were too many, the first, the last, and those that failed.
    package var exchanges: [Exchange]
    package var burst: BurstMeasure?
    package var captures: [(name: String, value: String)]
    package var duration: Duration

    package struct Assertions: Hashable, Sendable {
        package var passed = 0
        package var failed = 0

        package init(passed: Int = 0, failed: Int = 0) {
            self.passed = passed
            self.failed = failed
        }
    }
}

/// A failed assertion or an error, with the exchange that showed it.
package struct Failure: Sendable {
    package var diagnostic: Diagnostic
    package var exchange: Exchange?
    package var isError: Bool
    /// The server that refused the connection, if that is the failure. Other steps will report the same.
    package var refusal: String?
}

/// The concurrency that a burst actually reached.
package struct BurstMeasure: Hashable, Sendable {
    package var count: Int
    package var concurrency: Int
    /// The most requests in flight at the same time: sent, with their responses not yet received by this machine.
    package var peakInFlight: Int
    /// The time from the first to the last send, among the requests released together.
    package var spread: Duration
}
