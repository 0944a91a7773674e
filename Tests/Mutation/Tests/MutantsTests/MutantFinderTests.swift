import Testing

@testable import Mutants

@Suite struct MutantFinderTests {
    @Test("a comparison is inverted, and its boundary is moved")
    func comparisons() {
        #expect(mutations(.comparison, of: "let c = a < b") == ["let c = a >= b"])
        #expect(mutations(.boundary, of: "let c = a < b") == ["let c = a <= b"])
        #expect(mutations(.comparison, of: "let c = a == b") == ["let c = a != b"])
        #expect(mutations(.boundary, of: "let c = a == b") == [])
    }

    @Test("the bounds of a range move inwards by one, unless they are literals")
    func ranges() {
        #expect(mutations(.boundary, of: "let c = 0..<n") == ["let c = 0..<((n) - 1)"])
        #expect(mutations(.boundary, of: "let c = a...b") == ["let c = ((a) + 1)...b", "let c = a...((b) - 1)"])
    }

    @Test("arithmetic follows the operators' precedence")
    func arithmetic() {
        #expect(mutations(.arithmetic, of: "let d = a + b * c") == ["let d = a - b * c", "let d = a + b / c"])
        #expect(mutations(.arithmetic, of: "let d = min(a, b)") == ["let d = max(a, b)"])
        #expect(mutations(.arithmetic, of: "a += b") == ["a -= b"])
    }

    @Test("text is not subtracted")
    func text() {
        #expect(mutations(.arithmetic, of: #"let a = "x" + b"#) == [])
    }

    @Test("a decimal number moves by one, and a Boolean is inverted")
    func constants() {
        #expect(mutations(.constant, of: "let a = 1_000") == ["let a = 1001", "let a = 999"])
        #expect(mutations(.constant, of: "let a = 0") == ["let a = 1"])
        #expect(mutations(.constant, of: "let a = 0xFF") == [])
        #expect(mutations(.constant, of: "let a = 0.5") == ["let a = 1.0"])
        #expect(mutations(.constant, of: "let a = true") == ["let a = false"])
    }

    @Test("a condition is negated, and dropped from its list")
    func conditions() {
        #expect(mutations(.negatedCondition, of: "if a, b < c {}") == ["if !a, b < c {}"])
        #expect(mutations(.droppedCondition, of: "if a, b < c {}") == ["if true, b < c {}", "if a, true {}"])
        #expect(mutations(.droppedCondition, of: "if a {}") == ["if true {}", "if false {}"])
        #expect(mutations(.droppedCondition, of: "while a {}") == ["while false {}"])
        #expect(mutations(.droppedCondition, of: "guard a() else { return }") == ["guard true else { return }"])
        #expect(mutations(.negatedCondition, of: "let b = !a") == ["let b = a"])
        #expect(mutations(.negatedCondition, of: "let d = a ? b : c") == ["let d = !a ? b : c"])
        #expect(mutations(.droppedCondition, of: "for a in b where c {}") == ["for a in b where true {}"])
    }

    @Test("`try` and `await` stay in front of a changed condition")
    func effects() {
        #expect(mutations(.negatedCondition, of: "if try await a() {}") == ["if try await !a() {}"])
    }

    @Test("a logical operator is exchanged, and either operand dropped")
    func logic() {
        #expect(mutations(.logic, of: "let c = a && b") == ["let c = a || b"])
        #expect(mutations(.droppedCondition, of: "let c = a && b") == ["let c = a", "let c = b"])
    }

    @Test("calls, assignments and throws are dropped", arguments: ["f()", "try f(a)", "a = b", "a += b", "throw e"])
    func statements(statement: String) {
        #expect(mutations(.droppedStatement, of: "func g() {\n\(statement)\nh = i\n}") == ["", ""])
    }

    @Test("neither a body's value nor a precondition is dropped")
    func values() {
        #expect(mutations(.droppedStatement, of: "func g() -> Int { f() }") == [])
        #expect(mutations(.droppedStatement, of: "var g: Int { f() }") == [])
        #expect(mutations(.droppedStatement, of: "func g() { precondition(a) }") == [])
    }

    @Test("a return is dropped only where something follows it")
    func exits() {
        let source = "func f() -> Int {\nif a { return 1 }\nguard b else { return 2 }\nreturn 3\n}"
        #expect(mutations(.droppedExit, of: source) == ["if a {  }"])
    }

    @Test("a `break` that is alone in a case is kept")
    func breaks() {
        #expect(mutations(.droppedExit, of: "switch a {\ncase 1: break\ndefault: f()\n}") == [])
        #expect(mutations(.droppedExit, of: "while a {\nif b { break }\nf()\n}") == ["if b {  }"])
    }

    @Test("arguments are swapped if the parameters have one type")
    func swaps() {
        let signatures = "func f(a: Int, b: Int, c: Double) {}\nstruct P { var x: Int; let y: Int; static let z: Int }"
        #expect(
            mutations(.swappedArguments, of: "f(a: x, b: y, c: z)", signatures: signatures) == ["f(a: y, b: x, c: z)"])
        #expect(
            mutations(.swappedArguments, of: "let p = P(x: i, y: j)", signatures: signatures) == [
                "let p = P(x: j, y: i)"
            ])
        #expect(mutations(.swappedArguments, of: "g(1, 2)") == ["g(2, 1)"])
        #expect(mutations(.swappedArguments, of: "g(x, y)") == [])
    }

    @Test("overloads of different types say nothing about arguments")
    func overloads() {
        let signatures = "func f(a: Int, b: Int) {}\nfunc f(a: Int, b: String) {}"
        #expect(mutations(.swappedArguments, of: "f(a: x, b: y)", signatures: signatures) == [])
    }

    @Test("the default of `??` is always or never taken")
    func defaults() {
        #expect(mutations(.nilDefault, of: "let c = a ?? b") == ["let c = b", "let c = (a)!"])
    }

    @Test("the body of a `defer` is removed")
    func defers() {
        #expect(mutations(.removedDefer, of: "func f() {\ndefer { g() }\nh()\n}") == ["defer {  }"])
    }

    @Test("each element of an array literal is removed")
    func elements() {
        #expect(mutations(.removedElement, of: "let a = [b, c]") == ["let a = [c]", "let a = [b]"])
        #expect(mutations(.removedElement, of: "let a = [b,]") == ["let a = []"])
        #expect(mutations(.removedElement, of: "let a = [\nb,\nc,\n]") == ["", ""])
    }

    @Test(
        "values that the compiler must know are kept",
        arguments: ["enum E: Int { case a = 1 }", "@available(macOS 26, *) func f() {}", "let k = \\A.b[0]"])
    func fixedValues(source: String) {
        #expect(MutantFinder.mutants(file: "A.swift", source: source).isEmpty)
    }

    @Test("conditions of `#if` are kept, the code in it is changed")
    func conditionalCompilation() {
        #expect(mutations(.logic, of: "#if os(Linux) && DEBUG\nlet c = a && b\n#endif") == ["let c = a || b"])
    }

    @Test("a mutant keeps its identity when other lines change, and differs from an equal line's")
    func identities() {
        func identities(_ source: String) -> [String] {
            MutantFinder.mutants(file: "A.swift", source: source).map(\.identity)
        }
        let two = identities("let c = a < b\nlet c = a < b")
        #expect(Set(two).count == 4)
        #expect(identities("import X\n\nlet c = a < b\n") == Array(two[..<2]))
    }
}
