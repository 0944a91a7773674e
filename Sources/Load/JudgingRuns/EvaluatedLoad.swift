import Audit
import Scenario
import Trace

/// A load's result with its thresholds evaluated: what reports show, and what decides the verdict.
package struct EvaluatedLoad: Sendable {
    package var result: LoadResult
    package var thresholds: [EvaluatedThreshold]
    /// The findings of the audits that the scenario asks for.
    package var audits: [AuditFinding] = []
    /// Whether the run was stopped before it had ended, teardown included.
    package var wasStopped: Bool
    /// What failed in teardown, after the measurement.
    package var teardownFault: Diagnostic?
    /// What was observed of the server, if anything. A merged result has none.
    package var observation: LoadObservation?
    /// The file that all requests were recorded in; nil if there is none.
    package var trace: TraceSummary?
    /// The parts of a merged result whose seconds do not begin together.
    package var misalignments: [Misalignment] = []

    package init(
        _ result: LoadResult, thresholds: [EvaluatedThreshold] = [], wasStopped: Bool? = nil,
        teardownFault: Diagnostic? = nil
    ) {
        self.result = result
        self.thresholds = thresholds
        self.wasStopped = wasStopped ?? result.wasInterrupted
        self.teardownFault = teardownFault
    }

    /// Why the measurement proves nothing about the server; empty if it is valid.
    package var invalidities: [Invalidity] { result.invalidities(thresholds) }

    /// A failed assertion or audit is always evidence; a failed threshold is only if the run is valid and complete.
    package var verdict: OverallVerdict {
        if teardownFault?.isEvidence == true || audits.worst == .failed { return .failed }
        guard result.responses > 0 else { return .undecided(.incomplete) }
        guard !result.hasAssertions || result.wasChecked else { return .undecided(.nothingChecked) }
        let isValid = !wasStopped && invalidities.isEmpty
        return OverallVerdict(
            hasFailures: result.hasUnforeseenFailures(thresholds)
                || isValid && thresholds.contains { $0.verdict == .failed },
            isComplete: isValid && teardownFault == nil && trace?.failure == nil && audits.worst != .undecided
                && !result.hasUnforeseenErrors(thresholds)
                && !thresholds.contains { $0.verdict.reason != nil },
            checks: 1)
    }
}

extension LoadResult {
    /// Whether a step had errors and no threshold says how many are allowed.
    func hasUnforeseenErrors(_ thresholds: [EvaluatedThreshold]) -> Bool {
        steps.contains { step in
            step.errorCount > 0 && !thresholds.contains { $0.isOfErrors && ($0.step == nil || $0.step == step.id) }
        }
    }

    /// Whether a step had failed assertions and no threshold says how many are allowed.
    func hasUnforeseenFailures(_ thresholds: [EvaluatedThreshold]) -> Bool {
        steps.contains { step in
            step.failedResponses > 0
                && !thresholds.contains { $0.isOfFailedResponses && ($0.step == nil || $0.step == step.id) }
        }
    }
}

extension Diagnostic {
    /// Whether it is an unmet expectation of the server. Anything else means that a step could not be carried out.
    package var isEvidence: Bool { [.assertion, .capture].contains(code) }
}
