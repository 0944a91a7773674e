/// Which suites reach which mutants, as the mutated program recorded it.
///
/// This is finer than line coverage, which counts a line as run even if only the other half of its condition is evaluated.
package struct TestReach: Codable, Sendable {
    package struct Suite: Codable, Sendable {
        /// Hash of everything that the suite depends on.
        package let fingerprint: String
        package let seconds: Double
        package let reached: Set<Int>

        package init(fingerprint: String, seconds: Double, reached: Set<Int>) {
            self.fingerprint = fingerprint
            self.seconds = seconds
            self.reached = reached
        }
    }

    package private(set) var suites: [String: Suite] = [:]

    package init() {}

    package mutating func add(_ name: String, _ suite: Suite) { suites[name] = suite }

    /// Forgets suites that depend on something that has changed.
    package mutating func forgetChanged(in tree: TreeFingerprint) {
        var current: [String: String] = [:]
        suites = suites.filter { name, suite in
            let target = TestSuiteName.target(of: name)
            let fingerprint = current[target] ?? tree.tests(of: target)
            current[target] = fingerprint
            return suite.fingerprint == fingerprint
        }
    }

    package func suites(reaching number: Int) -> [String] {
        suites.filter { $0.value.reached.contains(number) }.keys.sorted()
    }

    /// The suites in the order in which to run them, those that are run at the same time together.
    ///
    /// Most mutants are killed by a suite that takes a fraction of a second, so the slow ones wait.
    /// - Parameter targets: the test targets, the first ones first.
    package func stages(of names: [String], targets: [[String]]) -> [[String]] {
        targets.flatMap { group in
            let members = names.filter { group.contains(TestSuiteName.target(of: $0)) }
            let quick = members.filter { isQuick($0) }
            let slow = members.filter { !isQuick($0) }.sorted { seconds($0) < seconds($1) }
            return ([quick] + slow.map { [$0] }).filter { !$0.isEmpty }
        }
    }

    private func isQuick(_ name: String) -> Bool { seconds(name) < 2 }

    private func seconds(_ name: String) -> Double { suites[name]?.seconds ?? 0 }

    /// Seconds after which a run of these suites cannot be expected to end any more.
    package func limit(_ names: [String]) -> Int {
        let usual = names.compactMap { suites[$0]?.seconds }.reduce(0, +)
        return 15 + Int(usual * 4)
    }
}
