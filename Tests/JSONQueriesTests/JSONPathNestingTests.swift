import JSONDocuments
import Testing

@testable import JSONQueries

/// The time for nested filters grows linearly with the nesting, not exponentially.
@Suite(.timeLimit(.minutes(1)))
struct JSONPathNestingTests {
    private static func nested(_ start: String, _ depth: Int) -> String {
        String(repeating: "\(start)[?", count: depth) + "@.a" + String(repeating: "]", count: depth)
    }

    @Test(
        "nested filters of every kind are evaluated in time", arguments: [("$", 4), ("@", 0), ("$..", 4), ("@..", nil)])
    func nesting(_ start: String, _ expected: Int?) throws {
        let path = try JSONPath(parsing: "$" + Self.nested(start, 15).dropFirst())
        let text = "[{\"a\":1},{\"a\":2},{\"b\":3},[[[[[[[[[[[[[[[[{\"a\":1}]]]]]]]]]]]]]]]]]"
        let root = try JSONDocument(parsing: Array(text.utf8)).root
        let count = path.nodes(in: root).count
        if start == "$" || start == "@" { #expect(count == expected) }
    }

    @Test("an absolute query is evaluated once, not for every node")
    func absolute() throws {
        let text = "[\(String(repeating: "[1,2],", count: 30_000))[3]]"
        let root = try JSONDocument(parsing: Array(text.utf8)).root
        let path = try JSONPath(parsing: "$[?count($..*) > count(@..*) && @[0] == 3]")
        #expect(path.nodes(in: root).count == 1)
    }

    @Test("an element at a high index is looked up once")
    func farElement() throws {
        let text = "[\((0..<200_000).map(String.init).joined(separator: ","))]"
        let root = try JSONDocument(parsing: Array(text.utf8)).root
        #expect(try JSONPath(parsing: "$[?@ == $[199999]]").nodes(in: root).count == 1)
        #expect(try JSONPath(parsing: "$[?$[199999]]").nodes(in: root).count == 200_000)
    }

    @Test("remembered results equal those of an evaluation")
    func sameAnswer() throws {
        let root = try JSONDocument(parsing: Array("[[{\"a\":1}],[{\"b\":1}],[{\"a\":2},{\"a\":3}]]".utf8)).root
        #expect(try JSONPath(parsing: "$[?@[?@.a]]").located(in: root).map(\.path.description) == ["$[0]", "$[2]"])
        #expect(try JSONPath(parsing: "$[?count(@[?@.a]) > 1]").located(in: root).map(\.path.description) == ["$[2]"])
        #expect(
            try JSONPath(parsing: "$[?value(@[?@.a].a) == 1]").located(in: root).map(\.path.description) == ["$[0]"])
    }
}
