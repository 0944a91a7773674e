import Mutants

/// Runs the suites that reach a mutant, until one of them fails.
struct MutantRunner {
    let program: TestProgram
    let reach: TestReach
    /// The test targets to run, the first ones first.
    let targets: [[String]]
    /// Suites that take more seconds are not run.
    let longestSuite: Double?

    func run(_ mutant: Mutant, number: Int) throws -> MutantResult {
        let suites = reach.suites(reaching: number).filter(isUsed)
        guard !suites.isEmpty else {
            return MutantResult(mutant, .notReached, suites: [], failure: nil, seconds: 0)
        }
        var total = 0.0
        for stage in reach.stages(of: suites, targets: targets) {
            let (ending, seconds) = try program.run(
                stage, environment: [SwitchSource.selection: "\(number)"], limit: reach.limit(stage))
            total += seconds
            switch ending {
            case .passed: continue
            case .failed(let line): return MutantResult(mutant, .killed, suites: suites, failure: line, seconds: total)
            case .timedOut: return MutantResult(mutant, .timedOut, suites: suites, failure: nil, seconds: total)
            }
        }
        return MutantResult(mutant, .survived, suites: suites, failure: nil, seconds: total)
    }

    private func isUsed(_ suite: String) -> Bool {
        guard targets.contains(where: { $0.contains(TestSuiteName.target(of: suite)) }) else { return false }
        guard let longestSuite, let seconds = reach.suites[suite]?.seconds else { return true }
        return seconds <= longestSuite
    }
}
