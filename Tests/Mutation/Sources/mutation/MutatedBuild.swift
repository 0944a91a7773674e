import Foundation
import Mutants

/// Builds the copy with many mutants at once, and drops those that do not type-check.
struct MutatedBuild {
    /// A mutant is chosen by its number when the tests start.
    typealias Numbered = (number: Int, mutant: Mutant)

    let copy: WorkingCopy
    /// Words of the command, such as `swift build`.
    let command: [String]
    /// The sources of the mutated modules by path.
    let sources: [String: String]

    private static let maximumRounds = 30

    /// - Parameters:
    ///   - candidates: for each module, mutants in the order in which they are wanted.
    ///   - counts: how many are wanted of each module.
    /// - Returns: for each module, the mutants that are compiled in. Also the fingerprint of everything that was built.
    func build(
        _ candidates: [[Mutant]], counts: [Int], journal: inout Journal
    ) throws -> (mutants: [[Numbered]], tree: TreeFingerprint) {
        for round in 1...Self.maximumRounds {
            let known = journal.uncompilable
            // A fifth more than wanted: some of the others will not type-check.
            let chosen = zip(candidates, counts).map { mutants, count in
                mutants.filter { !known.contains($0.identity) }.prefix(count + count / 5)
            }
            var number = 0
            let numbered = chosen.map { mutants in
                mutants.map { mutant -> Numbered in
                    defer { number += 1 }
                    return (number, mutant)
                }
            }
            let all = numbered.flatMap(\.self)
            let mutated = render(all)
            let tree = try copy.update(replacing: replacements(mutated, capacity: all.count))
            if tree.whole != copy.builtFingerprint {
                say("build \(round): \(all.count) mutants")
                let ending = try ChildProcess(command: command + ["--build-tests"], directory: copy.copy).run()
                guard ending.status == 0 else {
                    try drop(all, in: mutated, from: ending.output, journal: &journal)
                    continue
                }
                try copy.noteBuilt(tree.whole)
            }
            return (zip(numbered, counts).map { Array($0.prefix($1)) }, tree)
        }
        throw MutationError("the mutated copy still does not build after \(Self.maximumRounds) attempts")
    }

    private func render(_ mutants: [Numbered]) -> [String: MutatedSource] {
        Dictionary(grouping: mutants, by: \.mutant.file).reduce(into: [:]) { files, group in
            files[group.key] = sources[group.key].map { MutatedSource($0, mutants: group.value) }
        }
    }

    private func replacements(_ mutated: [String: MutatedSource], capacity: Int) -> [String: String] {
        var texts = mutated.mapValues(\.text)
        for module in Set(mutated.keys.map { $0.split(separator: "/")[1] }) {
            texts["Sources/\(module)/Mutants.swift"] = SwitchSource.text(capacity: capacity)
        }
        return texts
    }

    private func drop(
        _ mutants: [Numbered], in mutated: [String: MutatedSource], from output: String, journal: inout Journal
    ) throws {
        let dropped = Set(
            CompileError.errors(in: output).flatMap { error -> Set<Int> in
                let file = mutated.first { error.path.hasSuffix("/" + $0.key) }
                return file?.value.mutants(causing: error) ?? []
            })
        guard !dropped.isEmpty else {
            throw MutationError("the mutated copy does not build:\n\(output.suffix(4000))")
        }
        say("  \(dropped.count) do not type-check")
        try journal.addUncompilable(mutants.filter { dropped.contains($0.number) }.map(\.mutant))
    }
}
