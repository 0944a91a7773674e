import FoundationEssentials
import Scenario

/// What a run showed. Every report is a function of this.
package struct RunResult: Sendable {
    package var scenarios: [ScenarioResult]
    /// Where the server under test was.
    package var base: String
    package var start: Date
    package var duration: Duration
    /// Whether it was stopped from outside before it was done.
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
    /// The worst that happened, skipped scenarios aside. A run that was stopped has not been carried out.
    package var outcome: Outcome {
        let worst = scenarios.map(\.outcome).filter { $0 != .skipped }.max() ?? .skipped
        return isInterrupted ? max(worst, .errored) : worst
    }

    /// What the run proves.
    package var verdict: OverallVerdict {
        OverallVerdict(
            hasFailures: outcome == .failed, isComplete: outcome != .errored,
            checks: scenarios.reduce(0) { $0 + $1.checks })
    }
}

/// How something ended, ranked as ``OverallVerdict`` ranks: a failure is evidence, an error is the lack of it.
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

/// A scenario's run. Secrets have been taken out of everything in it.
package struct ScenarioResult: Sendable {
    package var file: SourceFile
    package var name: String
    package var description: String?
    package var tags: [String]
    package var start: ContinuousClock.Instant
    /// The address that its requests came from; nil for the system's choice.
    package var address: String?
    package var steps: [StepResult]
    /// Why it did not even start.
    package var startFailure: Failure?
    /// Why it was not run.
    package var skipReason: String?
    package var duration: Duration

    package var outcome: Outcome {
        if startFailure != nil { return .errored }
        if skipReason != nil { return .skipped }
        return steps.map(\.outcome).filter { $0 != .skipped }.max() ?? .passed
    }
    package var failures: [Failure] { (startFailure.map { [$0] } ?? []) + steps.flatMap(\.failures) }
    package var requests: Int { steps.reduce(0) { $0 + $1.requests } }

    /// How many assertions were evaluated; none where the scenario was skipped, for what its setup showed is not what it
    /// is about.
    package var checks: Int {
        outcome == .skipped ? 0 : steps.reduce(0) { $0 + $1.assertions.passed + $1.assertions.failed }
    }

    /// Why nothing could be sent, where all that failed is that a server could not be connected to.
    package var refusal: String? {
        guard let first = failures.first?.refusal, failures.allSatisfy({ $0.refusal == first }) else { return nil }
        return first
    }
}

/// A step's run.
package struct StepResult: Sendable {
    package enum Phase: String, Sendable {
        case setup, steps, teardown
    }

    package var id: String
    package var phase: Phase
    /// Its text in the file, as byte offsets.
    package var range: Range<Int>
    package var start: ContinuousClock.Instant
    package var outcome: Outcome
    /// How many requests it sent.
    package var requests: Int
    /// How many conditions were examined, and how many of them did not hold.
    package var assertions: Assertions
    package var failures: [Failure]
    /// Why a failure of its does not count: it came too late to say anything. The step is skipped then.
    package var tooSlow: String?
    /// All exchanges; of many, the first, the last, and those that failed.
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

/// Something that did not go as the file says, with the exchange that showed it.
package struct Failure: Sendable {
    package var diagnostic: Diagnostic
    package var exchange: Exchange?
    package var isError: Bool
    /// Which server could not be connected to, where that is what it is: other steps will say the same.
    package var refusal: String?
}

/// How much at once a burst really was.
package struct BurstMeasure: Hashable, Sendable {
    package var count: Int
    package var concurrency: Int
    /// The most requests that were in flight at one time: sent, and their responses not arrived at this machine.
    package var peakInFlight: Int
    /// From the first to the last instant of sending, of those released together.
    package var spread: Duration
}
