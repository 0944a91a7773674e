import Testing

@testable import Mutants

@Suite struct CompileErrorTests {
    @Test("errors are found in a build's output, warnings are not")
    func parsing() {
        let output = """
            [3/7] Compiling M A.swift
            /tmp/copy/Sources/M/A.swift:2:5: error: cannot find 'x' in scope
            1 | let a = b
            /tmp/copy/Sources/M/A.swift:3:1: warning: unused
            error: fatalError
            """
        let errors = CompileError.errors(in: output)
        #expect(errors.map(\.line) == [2] && errors.map(\.column) == [5])
        #expect(errors.first?.path == "/tmp/copy/Sources/M/A.swift")
        #expect(errors.first?.message == "cannot find 'x' in scope")
    }

    private func mutants(_ source: MutatedSource, line: Int, column: Int) -> Set<Int> {
        source.mutants(causing: CompileError(path: "", line: line, column: column, message: ""))
    }

    @Test("an error in a mutant drops the innermost one")
    func inside() {
        // let d = (_mutant(0) ? a <= b + c : a < (_mutant(1) ? b - c : b + c))
        let source = mutated("let d = a < b + c", [.boundary, .arithmetic])
        #expect(mutants(source, line: 1, column: 23) == [0])
        #expect(mutants(source, line: 1, column: 55) == [1])
    }

    @Test("an error elsewhere on the line drops all mutants on it")
    func onLine() {
        let source = mutated("let c = a < b\nlet e = (d < f, g == h)", [.comparison])
        #expect(mutants(source, line: 2, column: 1) == [1, 2])
    }

    @Test("an error at a function's end drops its dropped statements")
    func missingReturn() {
        let source = mutated(
            "func f() -> Int {\nif a < b { return 1 }\nthrow e\n}\nlet c = 1", [.comparison, .droppedStatement])
        #expect(mutants(source, line: 4, column: 1) == [1])
    }

    @Test("an error elsewhere in a function drops the function's mutants only")
    func inFunction() {
        let source = mutated("func f() {\nlet x = 0\nlet c = a < b\n}\nlet d = a < b", [.comparison])
        #expect(mutants(source, line: 2, column: 1) == [0])
    }
}
