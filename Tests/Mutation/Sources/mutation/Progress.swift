import Foundation
import Mutants

/// Prints a line for each mutant that was run, with the time that the others will take.
struct Progress {
    private let total: Int
    private var done = 0
    private var ran = 0
    private var survived = 0
    private var seconds = 0.0

    init(total: Int) { self.total = total }

    /// Counts a mutant whose result is known already.
    mutating func skip() { done += 1 }

    mutating func add(_ result: MutantResult) {
        done += 1
        ran += 1
        seconds += result.seconds
        if result.outcome.isSurvivor { survived += 1 }
        let remaining = Int((seconds / Double(ran) * Double(total - done) / 60).rounded(.up))
        let mutant = result.mutant
        say(
            "[\(done)/\(total)] \(result.outcome.rawValue) \(mutant.file):\(mutant.line) \(mutant.mutationOperator.rawValue)"
                + " (\(survived) of \(ran) survived, about \(remaining) min left)")
    }
}

/// Prints a line at once, also into a file.
func say(_ line: String) { FileHandle.standardOutput.write(Data("\(line)\n".utf8)) }
