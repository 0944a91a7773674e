import JSONDocuments
import Patterns

/// A value or `Nothing` (RFC 9535, section 2.4.1).
private enum Value {
    case nothing
    case node(JSONNode)
    case literal(JSON)
}

extension JSONPathEvaluator {
    /// Whether a condition holds with this node as `@`.
    func holds(_ condition: JSONPathCondition, at current: Int) -> Bool {
        switch condition {
        case .any(let conditions): conditions.contains { holds($0, at: current) }
        case .all(let conditions): conditions.allSatisfy { holds($0, at: current) }
        case .not(let condition): !holds(condition, at: current)
        case .exists(let query) where query.isWorthRemembering: !nodes(query, at: current).isEmpty
        case .exists(let query): first(query, from: start(of: query, at: current)) != nil
        case .comparison(let left, let comparison, let right):
            compare(value(of: left, at: current), comparison, value(of: right, at: current))
        case .fits(let text, let pattern, let whole): fits(text, pattern, whole: whole, at: current)
        }
    }

    private func start(of query: JSONPathQuery, at current: Int) -> Int { query.isAbsolute ? root : current }

    /// The tape indices of the nodes that a query selects.
    private func nodes(_ query: JSONPathQuery, at current: Int) -> [Int] {
        let start = start(of: query, at: current)
        func find() -> [Int] { select(query, from: JSONPathPlace<NoTrail>(start)).map(\.index) }
        return query.isWorthRemembering ? memory.indices(of: query, from: start, find: find) : find()
    }

    private func node(_ index: Int) -> Value { .node(JSONNode(document: document, index: index)) }

    private func value(of operand: JSONPathOperand, at current: Int) -> Value {
        switch operand {
        case .literal(let value): return .literal(value)
        case .query(let query) where query.isWorthRemembering:
            return nodes(query, at: current).first.map(node) ?? .nothing
        case .query(let query): return first(query, from: start(of: query, at: current)).map(node) ?? .nothing
        case .length(let operand): return value(of: operand, at: current).length
        case .count(let query): return .literal(.number(JSONNumber(nodes(query, at: current).count)))
        case .value(let query):
            let found = nodes(query, at: current)
            return found.count == 1 ? node(found[0]) : .nothing
        }
    }

    /// Compares as RFC 9535, section 2.3.5.2.2, specifies.
    private func compare(_ left: Value, _ comparison: JSONPathComparison, _ right: Value) -> Bool {
        switch comparison {
        case .equal: left == right
        case .notEqual: !(left == right)
        case .less: left < right
        case .greater: right < left
        case .lessOrEqual: left < right || left == right
        case .greaterOrEqual: right < left || left == right
        }
    }

    /// False if the value is not a string or the pattern is invalid (RFC 9535, section 2.4.6).
    private func fits(_ text: JSONPathOperand, _ pattern: JSONPathPattern, whole: Bool, at current: Int) -> Bool {
        guard let text = value(of: text, at: current).string else { return false }
        let expression: IRegexp? =
            switch pattern {
            case .literal(let expression): expression
            case .operand(let operand): value(of: operand, at: current).string.flatMap { try? IRegexp($0) }
            }
        guard let expression else { return false }
        return whole ? expression.matches(text) : expression.isFound(in: text)
    }
}

extension Value {
    static func == (left: Value, right: Value) -> Bool {
        switch (left, right) {
        case (.nothing, .nothing): true
        case (.node(let left), .node(let right)): left == right
        case (.node(let left), .literal(let right)): left == right
        case (.literal(let left), .node(let right)): left == right
        case (.literal(let left), .literal(let right)): left == right
        default: false
        }
    }

    /// Only numbers and strings are ordered.
    static func < (left: Value, right: Value) -> Bool {
        if let left = left.number, let right = right.number { return left < right }
        if let left = left.string, let right = right.string { return ScalarString(left) < ScalarString(right) }
        return false
    }

    var number: JSONNumber? {
        switch self {
        case .node(let node): node.number
        case .literal(.number(let number)): number
        default: nil
        }
    }

    var string: String? {
        switch self {
        case .node(let node): node.string
        case .literal(.string(let string)): string
        default: nil
        }
    }

    /// `length()`: number of characters, elements or members (RFC 9535, section 2.4.4).
    var length: Value {
        if let string { return .literal(.number(JSONNumber(string.unicodeScalars.count))) }
        guard case .node(let node) = self, node.kind == .array || node.kind == .object else { return .nothing }
        return .literal(.number(JSONNumber(node.count)))
    }
}
