import Foundation
import SwiftParser
import SwiftSyntax
import Testing

@testable import Mutants

@Suite struct MutatedSourceTests {
    @Test("an expression becomes a choice")
    func expression() {
        #expect(mutated("let c = a < b", [.boundary]).text == "let c = (_mutant(0) ? a <= b : a < b)")
    }

    @Test("several mutants of one expression become nested choices")
    func several() {
        let text = mutated("let c = a < b", [.boundary, .comparison]).text
        #expect(text == "let c = (_mutant(0) ? a <= b : (_mutant(1) ? a >= b : a < b))")
    }

    @Test("a mutant inside another one is in the unchanged part")
    func nested() {
        let text = mutated("let d = a < b + c", [.boundary, .arithmetic]).text
        #expect(text == "let d = (_mutant(0) ? a <= b + c : a < (_mutant(1) ? b - c : b + c))")
    }

    @Test("a statement becomes a branch, outside the mutants of its expression")
    func statement() {
        let text = mutated("func f() {\n    g(1)\n    h = i\n}", [.droppedStatement, .constant]).text
        let call = "if _mutant(0) {  } else { g((_mutant(1) ? 2 : (_mutant(2) ? 0 : 1))) }"
        #expect(text == "func f() {\n    \(call)\n    if _mutant(3) {  } else { h = i }\n}")
    }

    @Test("a mutant with two edits has one number in both")
    func swap() {
        #expect(mutated("f(1, 2)", [.swappedArguments]).text == "f((_mutant(0) ? 2 : 1), (_mutant(0) ? 1 : 2))")
    }

    @Test("a real module with all its mutants compiled in has no syntax errors")
    func parses() throws {
        let root = URL(filePath: #filePath).appending(path: "../../../../../Sources/Scenario/Matching").standardized
        let enumerator = try #require(FileManager.default.enumerator(atPath: root.path))
        let names = enumerator.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }
        #expect(names.count > 5)
        for name in names {
            let source = try String(contentsOf: root.appending(path: name), encoding: .utf8)
            let text = mutated(source, Set(MutationOperator.allCases)).text
            #expect(!Parser.parse(source: text).hasError, "\(name)")
        }
    }
}
