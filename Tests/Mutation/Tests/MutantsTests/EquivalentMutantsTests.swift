import Testing

@testable import Mutants

@Suite struct EquivalentMutantsTests {
    private static let text = """
        # A comment.
        file: Sources/M/A.swift
        operator: boundary
        code: let c = a < b
        mutant: let c =  a <= b
        reason: They are never equal.
        """
    private let mutants = MutantFinder.mutants(file: "Sources/M/A.swift", source: "\n  let c = a < b\n")

    @Test("an entry is for one operator on one line of a file, wherever the line is")
    func matching() throws {
        let list = try EquivalentMutants(parsing: Self.text)
        #expect(mutants.compactMap { list.entry(for: $0)?.mutationOperator } == ["boundary"])
        #expect(list.entries.first?.reason == "They are never equal.")
        let elsewhere = MutantFinder.mutants(file: "Sources/M/B.swift", source: "let c = a < b")
        #expect(elsewhere.allSatisfy { list.entry(for: $0) == nil })
    }

    @Test("the template of a mutant is an entry for it")
    func template() throws {
        let list = try EquivalentMutants(
            parsing: mutants.map { EquivalentMutants.template(for: $0) + "\nreason: r" }.joined(separator: "\n\n"))
        #expect(list.entries.count == 2 && mutants.allSatisfy { list.entry(for: $0) != nil })
    }

    @Test("an entry whose line has changed is stale")
    func stale() throws {
        let list = try EquivalentMutants(parsing: Self.text)
        #expect(list.stale(among: mutants, files: ["Sources/M/A.swift"]).isEmpty)
        #expect(list.stale(among: [], files: ["Sources/M/A.swift"]).count == 1)
        #expect(list.stale(among: [], files: ["Sources/M/B.swift"]).isEmpty)
    }

    @Test("an entry without a reason is an error")
    func incomplete() {
        let text = Self.text.split(separator: "\n").dropLast().joined(separator: "\n")
        #expect(throws: EquivalentMutants.SyntaxError.self) { try EquivalentMutants(parsing: text) }
        #expect(throws: EquivalentMutants.SyntaxError.self) { try EquivalentMutants(parsing: "no colon") }
    }
}
