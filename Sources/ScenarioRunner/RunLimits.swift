import Scenario

/// The conditions that end a scenario early.
package struct RunLimits: Sendable {
    package var stopFlag: StopFlag
    /// The instant at which the scenario's time is up, and its limit for messages.
    package var deadline: (instant: ContinuousClock.Instant, limit: Duration)?

    package init(stopFlag: StopFlag = StopFlag()) { self.stopFlag = stopFlag }

    /// Why the scenario must end now; nil if it may go on.
    var stopReason: String? {
        if stopFlag.isSet { return "the run was stopped" }
        guard let deadline, ContinuousClock.now >= deadline.instant else { return nil }
        return "the scenario did not finish within \(deadline.limit.shortText)"
    }

    /// The request's own timeout or the scenario's remaining time, whichever is shorter.
    func timeout(_ timeout: Duration) -> Duration {
        guard let deadline else { return timeout }
        return min(timeout, max(deadline.instant - ContinuousClock.now, .milliseconds(1)))
    }
}
