/// What queries within filters have found, by where they began.
///
/// A query within a filter is asked again for every node that the filter looks at. Without a memory the time would grow
/// with the power of the nesting, `$[?$[?$[?@.a]]]`, or with the square of the document, `$[?count($..*) > 9]` and
/// `$[?@ == $[99999]]`. Used by one evaluation, and so by one thread.
final class JSONPathMemory {
    private struct Key: Hashable {
        let query: JSONPathQuery
        let start: Int
    }

    private var found: [Key: [Int]] = [:]

    /// What the query finds from there: remembered, or found now.
    func indices(of query: JSONPathQuery, from start: Int, find: () -> [Int]) -> [Int] {
        let key = Key(query: query, start: start)
        if let indices = found[key] { return indices }
        let indices = find()
        found[key] = indices
        return indices
    }
}

extension JSONPathQuery {
    /// Whether finding it again may cost more than remembering it.
    var isWorthRemembering: Bool { isAbsolute || hasFilter }

    private var hasFilter: Bool {
        segments.contains { segment in
            segment.selectors.contains { if case .filter = $0 { true } else { false } }
        }
    }
}
