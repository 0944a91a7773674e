/// The verdict on a whole run or load, ranked the same way by `gauntlet run` and `gauntlet load`.
///
/// A failed assertion or threshold is evidence against the server and decides the verdict, whatever else went wrong.
/// Otherwise an exchange that ended in an error leaves its assertions untested, and a run that checked nothing proves
/// nothing.
package enum OverallVerdict: Hashable, Sendable {
    /// Everything was checked and held.
    case passed
    /// An assertion or a threshold did not hold.
    case failed
    /// Nothing failed, but nothing was proved either.
    case undecided(Cause)

    package enum Cause: Hashable, Sendable {
        /// An exchange or step ended in an error, the run was stopped, or the measurement is not valid.
        case incomplete
        /// Everything ran, but no assertion or threshold was evaluated.
        case nothingChecked
    }

    /// - Parameters:
    ///   - hasFailures: whether an assertion or a threshold did not hold. A threshold on invalid measurements is not
    ///     evidence; it makes the run incomplete instead.
    ///   - isComplete: whether everything was carried out.
    ///   - checks: number of assertions and thresholds evaluated, not counting what was skipped.
    package init(hasFailures: Bool, isComplete: Bool, checks: Int) {
        if hasFailures {
            self = .failed
        } else if !isComplete {
            self = .undecided(.incomplete)
        } else {
            self = checks > 0 ? .passed : .undecided(.nothingChecked)
        }
    }

    /// `passed`, `failed` or `undecided`.
    package var name: String {
        switch self {
        case .passed: "passed"
        case .failed: "failed"
        case .undecided: "undecided"
        }
    }
}
