import Foundation
import Testing
import TestSupport

@testable import Scenario

struct ReferenceTests {
    @Test("the reference in the documentation matches the reader's tables")
    func reference() throws {
        let path = "docs/scenarios.md"
        let document = String(decoding: try Golden.read(path), as: UTF8.self)
        let marker = try #require(document.range(of: "<!-- reference: .* -->\n", options: .regularExpression))
        let whole = document[..<marker.upperBound] + "\n" + ScenarioReference.markdown()
        #expect(try Golden.expected(at: path, for: whole) == whole)
    }

    @Test("the schema has every key of the tables and no dangling reference")
    func schema() throws {
        let text = ScenarioSchema.render().serialized()
        let document = try JSONDocument(parsing: Array(text.utf8))
        let definitions = try JSONPath(parsing: "$['$defs'].*").nodes(in: document.root)
        #expect(definitions.count > 10)
        for reference in try JSONPath(parsing: "$..['$ref']").nodes(in: document.root) {
            let name = try #require(reference.string?.split(separator: "/").last)
            #expect(document.root["$defs"]?[String(name)] != nil, "\(name)")
        }
        let keys = try JSONPath(parsing: "$..properties").nodes(in: document.root).flatMap { node in
            node.members.compactMap(\.key.string)
        }
        for key in ScenarioShapes.scenario.keys { #expect(keys.contains(key.name)) }
        for `operator` in MatcherOperator.allCases { #expect(keys.contains(`operator`.rawValue)) }
    }
}
