import Scenario

/// When a scenario has to end before it is done.
package struct RunLimits: Sendable {
    package var stopFlag: StopFlag
    /// When the scenario must be done, and how long it was given.
    package var deadline: (instant: ContinuousClock.Instant, limit: Duration)?

    package init(stopFlag: StopFlag = StopFlag()) { self.stopFlag = stopFlag }

    /// Why it has to end now.
    var stopReason: String? {
        if stopFlag.isSet { return "the run was stopped" }
        guard let deadline, ContinuousClock.now >= deadline.instant else { return nil }
        return "the scenario did not finish within \(deadline.limit.shortText)"
    }

    /// A request's own limit, or what is left of the scenario's.
    func timeout(_ timeout: Duration) -> Duration {
        guard let deadline else { return timeout }
        return min(timeout, max(deadline.instant - ContinuousClock.now, .milliseconds(1)))
    }
}
