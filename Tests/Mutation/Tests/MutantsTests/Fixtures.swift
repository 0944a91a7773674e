@testable import Mutants

/// What a line of source becomes under an operator.
func mutations(_ mutationOperator: MutationOperator, of source: String, signatures: String = "") -> [String] {
    MutantFinder.mutants(file: "Sources/M/A.swift", source: source, signatures: Signatures(sources: [signatures]))
        .filter { $0.mutationOperator == mutationOperator }
        .map { $0.after.map { $0.trimming(" ") }.joined(separator: "\n") }
}

/// A file with some of its mutants compiled in, numbered in the order of the source.
func mutated(_ source: String, _ operators: Set<MutationOperator>) -> MutatedSource {
    let mutants = MutantFinder.mutants(file: "Sources/M/A.swift", source: source)
        .filter { operators.contains($0.mutationOperator) }
    return MutatedSource(source, mutants: mutants.enumerated().map { (number: $0, mutant: $1) })
}

extension String {
    fileprivate func trimming(_ character: Character) -> String {
        var rest = self[...]
        while rest.first == character { rest.removeFirst() }
        while rest.last == character { rest.removeLast() }
        return String(rest)
    }
}
