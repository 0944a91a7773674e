import JSONDocuments

/// A query for nodes of a JSON document (RFC 9535), fully checked when parsed.
///
/// Queries are equal if they select the same nodes in the same way, however they are spelled: `$.a` and `$['a']`.
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

    /// Whether it can select at most one node, in any document: only names and indices.
    package var isSingular: Bool { query.isSingular }

    /// The names and positions that lead to the node that it selects; nil if it may select several, or counts positions
    /// from the end of an array.
    package var steps: [JSONExtractor.Step]? {
        guard isSingular else { return nil }
        var steps: [JSONExtractor.Step] = []
        for segment in query.segments {
            switch segment.selectors[0] {
            case .name(let name): steps.append(.name(name))
            case .index(let position) where position >= 0: steps.append(.position(position))
            case .index, .wildcard, .slice, .filter: return nil
            }
        }
        return steps
    }

    /// The nodes that it selects, with `root` as `$`, in order. A node selected twice occurs twice.
    ///
    /// If an object has several members with the same name, a name selector finds the last; all other selectors find
    /// each. RFC 9535 does not define this case.
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

    /// The first node that it selects. For a singular query, this allocates nothing.
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

/// Why a text is not a valid query.
package struct JSONPathError: Error, Hashable, Sendable {
    /// A sentence in lower case, without a full stop: "expected ',' or ']' after a selector".
    package let message: String
    /// Offsets in the query's UTF-8. Empty, at the end, if something is missing there.
    package let range: Range<Int>
    /// How to fix it.
    package let hint: String?

    init(_ message: String, range: Range<Int>, hint: String? = nil) {
        self.message = message
        self.range = range
        self.hint = hint
    }
}
