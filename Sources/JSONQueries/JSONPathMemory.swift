/// Caches the results of queries within filters, by starting node.
///
/// A query within a filter is evaluated for every node that the filter tests. Without a cache, time would grow
/// exponentially with nesting, as in `$[?$[?$[?@.a]]]`, or with the square of the document, as in `$[?count($..*) > 9]`
/// and `$[?@ == $[99999]]`. Used by one evaluation, and so by one thread.
final class JSONPathMemory {
    private struct Key: Hashable {
        let query: JSONPathQuery
        let start: Int
    }

    private var found: [Key: [Int]] = [:]

    /// The result of a query from a starting node, cached or computed.
    func indices(of query: JSONPathQuery, from start: Int, find: () -> [Int]) -> [Int] {
        let key = Key(query: query, start: start)
        if let indices = found[key] { return indices }
        let indices = find()
        found[key] = indices
        return indices
    }
}

extension JSONPathQuery {
    /// Whether evaluating it again may cost more than caching it.
    var isWorthRemembering: Bool { isAbsolute || hasFilter }

    private var hasFilter: Bool {
        segments.contains { segment in
            segment.selectors.contains { if case .filter = $0 { true } else { false } }
        }
    }
}
