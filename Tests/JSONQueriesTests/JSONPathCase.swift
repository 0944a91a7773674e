import JSONDocuments
import Testing

@testable import JSONQueries

/// A query, a document, and the normalized paths that the query must find, in order.
struct JSONPathCase: Sendable, CustomTestStringConvertible {
    let query: String
    let document: String
    let paths: [String]

    init(_ query: String, _ document: String, _ paths: String...) {
        self.query = query
        self.document = document
        self.paths = paths
    }

    var testDescription: String { "\(query.debugDescription) on \(document)" }

    func check() throws {
        let path = try JSONPath(parsing: query)
        let root = try JSONDocument(parsing: Array(document.utf8)).root
        let located = path.located(in: root)
        #expect(located.map(\.path.description) == paths)
        #expect(path.nodes(in: root).map(\.index) == located.map(\.node.index))
        #expect(path.first(in: root)?.index == located.first?.node.index)
        if path.isSingular { #expect(located.count <= 1) }
    }
}
