/// A query for nodes of a JSON document (RFC 9535), checked in full when it is parsed.
///
/// Queries are equal where they ask for the same in the same way, however they are spelt: `$.a` and `$['a']`.
package struct JSONPath: Sendable, CustomStringConvertible {
    private let text: String
    private let query: JSONPathQuery

    package init(parsing text: String) throws(JSONPathError) {
        var parser = JSONPathParser(text)
        query = try parser.parse()
        self.text = text
    }

    /// The query as it was written.
    package var description: String { text }

    /// Whether it finds one node at most, whatever the document: names and indices only.
    package var isSingular: Bool { query.isSingular }

    /// The nodes it finds below this one, which `$` stands for, in order; one found twice is there twice.
    ///
    /// Of members with one name a name finds the last, and everything else finds each: RFC 9535 speaks of objects
    /// without such only.
    package func nodes(in root: JSONNode) -> [JSONNode] {
        JSONPathEvaluator(root).select(query, from: JSONPathPlace<NoTrail>(root.index)).map {
            root.sibling(at: $0.index)
        }
    }

    /// The same nodes, each with its normalized path.
    package func located(in root: JSONNode) -> [(path: NormalizedPath, node: JSONNode)] {
        JSONPathEvaluator(root).select(query, from: JSONPathPlace<FullTrail>(root.index)).map {
            (NormalizedPath($0.trail, in: root.document), root.sibling(at: $0.index))
        }
    }

    /// The first node that it finds. A singular query allocates nothing to find it.
    package func first(in root: JSONNode) -> JSONNode? {
        let index =
            query.isSingular
            ? root.document.find(query, from: root.index)
            : JSONPathEvaluator(root).first(query, from: root.index)
        return index.map { root.sibling(at: $0) }
    }
}

extension JSONPath: Hashable {
    package static func == (left: JSONPath, right: JSONPath) -> Bool { left.query == right.query }

    package func hash(into hasher: inout Hasher) { hasher.combine(query) }
}

extension JSONNode {
    fileprivate func sibling(at index: Int) -> JSONNode { JSONNode(document: document, index: index) }
}

/// Why a text is no query.
package struct JSONPathError: Error, Hashable, Sendable {
    /// A sentence without capital and full stop: "expected ']' after a selector".
    package let message: String
    /// Where in the query, as offsets in its UTF-8; empty, at its end, where something is missing there.
    package let range: Range<Int>
    /// What to do about it.
    package let hint: String?

    init(_ message: String, range: Range<Int>, hint: String? = nil) {
        self.message = message
        self.range = range
        self.hint = hint
    }
}
