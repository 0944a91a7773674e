import Scenario

extension LoadResult {
    /// The overall verdict. A failed threshold is evidence only if the run is valid and complete.
    /// - Parameter isCutShort: whether the run was stopped.
    package func verdict(_ thresholds: [ThresholdOutcome], isCutShort: Bool) -> OverallVerdict {
        let isValid = !isCutShort && invalidities(thresholds).isEmpty
        return OverallVerdict(
            hasFailures: hasUnforeseenFailures(thresholds)
                || isValid && thresholds.contains { $0.verdict == .failed },
            isComplete: isValid && !hasUnforeseenErrors(thresholds)
                && !thresholds.contains { $0.verdict.reason != nil },
            checks: hasAssertions && !wasChecked ? 0 : 1)
    }
}
