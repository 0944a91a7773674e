/// What the tests did with a mutant.
package enum MutantOutcome: String, Codable, Sendable {
    case killed
    /// The tests took several times longer than without the mutant, so they were stopped. Counts as killed.
    case timedOut
    case survived
    /// No test runs the changed code. Counts as survived.
    case notReached
    case equivalent

    package var isKilled: Bool { self == .killed || self == .timedOut }
    package var isSurvivor: Bool { self == .survived || self == .notReached }
}

package struct MutantResult: Codable, Sendable {
    package let mutant: Mutant
    package let outcome: MutantOutcome
    /// Suites that run the changed code, and ran for this mutant.
    package let suites: [String]
    /// The first failure that was printed.
    package let failure: String?
    package let seconds: Double

    package init(_ mutant: Mutant, _ outcome: MutantOutcome, suites: [String], failure: String?, seconds: Double) {
        self.mutant = mutant
        self.outcome = outcome
        self.suites = suites
        self.failure = failure
        self.seconds = seconds
    }

    /// The mutant as a diff, with the suites that ran its line.
    package var diff: String {
        let lines =
            ["\(mutant.file):\(mutant.line) \(mutant.mutationOperator.rawValue)"]
            + mutant.before.map { "- \($0)" } + mutant.after.map { "+ \($0)" }
        let ran = suites.isEmpty ? "no test runs this line" : "run by \(suites.sorted().joined(separator: ", "))"
        return (lines + ["  \(ran)"]).joined(separator: "\n")
    }
}
