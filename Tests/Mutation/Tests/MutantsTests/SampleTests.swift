import Testing

@testable import Mutants

@Suite struct SampleTests {
    private static func mutants(_ lines: Range<Int>) -> [Mutant] {
        MutantFinder.mutants(file: "A.swift", source: lines.map { "let a\($0) = b == c" }.joined(separator: "\n"))
    }

    @Test("a sample depends on the seed and not on the order of the mutants")
    func seeds() {
        let mutants = Self.mutants(0..<100)
        let order = Sample.order(mutants, seed: 1)
        #expect(order != mutants && Set(order) == Set(mutants))
        #expect(Sample.order(mutants.reversed(), seed: 1) == order)
        #expect(Sample.order(mutants, seed: 2) != order)
    }

    @Test("a new mutant leaves the order of the others as it was")
    func growth() {
        let small = Sample.order(Self.mutants(0..<50), seed: 1).map(\.identity)
        let large = Sample.order(Self.mutants(0..<100), seed: 1).map(\.identity)
        #expect(large.filter(Set(small).contains) == small)
    }
}
