import Foundation
import Scenario
import Testing
import TestSupport

/// Checks that `docs/contract.md` and the cases agree.
struct ContractTests {
    private struct Statement: Hashable, CustomStringConvertible {
        var number: String
        var level: String
        var text: String

        var description: String { "\(number) (\(level)) \(text)" }
    }

    /// The rows of the document's tables that start with a statement number.
    private static func statements() throws -> [Statement] {
        let document = String(decoding: try Golden.read("docs/contract.md"), as: UTF8.self)
        return document.split(separator: "\n").compactMap { line in
            let cells = line.split(separator: "|", omittingEmptySubsequences: true).map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            guard cells.count == 3, cells[0].wholeMatch(of: /[A-Z]+-[0-9]+/) != nil else { return nil }
            return Statement(number: cells[0], level: cells[1], text: cells[2])
        }
    }

    @Test("every statement has one case with its name and level, and every case has a statement")
    func agree() throws {
        let statements = try Self.statements()
        let cases = try ConformanceSuite.cases().map { scenario in
            Statement(
                number: scenario.statement, level: scenario.tags.first ?? "none",
                text: String(scenario.name.dropFirst(scenario.statement.count + 1)))
        }
        #expect(statements.count > 100)
        #expect(Set(statements.map(\.number)).count == statements.count, "a number is used twice")
        #expect(cases.count == Set(cases.map(\.number)).count, "a statement has two cases")
        #expect(Set(statements).subtracting(cases).map(\.description).sorted() == [], "statements without a case")
        #expect(Set(cases).subtracting(statements).map(\.description).sorted() == [], "cases without a statement")
    }

    @Test("a case is in the folder of its level and is named by its number")
    func paths() throws {
        for scenario in try ConformanceSuite.cases() {
            let parts = scenario.statement.lowercased().split(separator: "-")
            let number = parts[1].count == 1 ? "0\(parts[1])" : String(parts[1])
            let level = scenario.tags.first ?? ""
            #expect(scenario.file.path == "Scenarios/conformance/\(level)/\(parts[0])-\(number).json")
        }
    }
}
