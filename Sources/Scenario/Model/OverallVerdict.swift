/// What a whole run or load proves. `gauntlet run` and `gauntlet load` rank alike, and this is the ranking.
///
/// A failed assertion or threshold is evidence against the server and decides, whatever else went wrong. Without one,
/// an exchange that came to nothing leaves its assertions untested, and where nothing was checked nothing was proved.
package enum OverallVerdict: Hashable, Sendable {
    /// All that was asked for was checked, and held.
    case passed
    /// An assertion or a threshold did not hold.
    case failed
    /// Nothing failed, but nothing is proved either.
    case undecided(Cause)

    package enum Cause: Hashable, Sendable {
        /// An exchange or a step came to nothing, the run was stopped, or what was measured is not valid.
        case incomplete
        /// Everything was carried out, but no assertion and no threshold was evaluated.
        case nothingChecked
    }

    /// - Parameters:
    ///   - hasFailures: whether an assertion or a threshold did not hold. A threshold on figures that are not valid is
    ///     no evidence: it makes the run incomplete instead.
    ///   - isComplete: whether everything was carried out.
    ///   - checks: how many assertions and thresholds were evaluated, in what was not skipped.
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
