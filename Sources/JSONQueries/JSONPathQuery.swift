import JSONDocuments
import Patterns

/// The syntax tree of a query, with RFC 9535's names for its parts.
struct JSONPathQuery: Hashable, Sendable {
    /// True for `$…`, false for `@…`.
    let isAbsolute: Bool
    let segments: [JSONPathSegment]
    /// Whether it can select at most one node: only names and indices.
    let isSingular: Bool

    init(isAbsolute: Bool, segments: [JSONPathSegment]) {
        self.isAbsolute = isAbsolute
        self.segments = segments
        isSingular = segments.allSatisfy(\.isSingular)
    }
}

struct JSONPathSegment: Hashable, Sendable {
    /// True for `..`: applies to the node and all its descendants, not only to the node.
    var isDescendant: Bool
    var selectors: [JSONPathSelector]

    var isSingular: Bool {
        guard !isDescendant, selectors.count == 1 else { return false }
        return switch selectors[0] {
        case .name, .index: true
        case .wildcard, .slice, .filter: false
        }
    }
}

enum JSONPathSelector: Hashable, Sendable {
    /// A member name in UTF-8.
    case name([UInt8])
    case wildcard
    case index(Int)
    case slice(JSONPathSlice)
    case filter(JSONPathCondition)
}

struct JSONPathSlice: Hashable, Sendable {
    var start: Int?
    var end: Int?
    var step = 1
}

/// The condition of a filter: a logical expression (RFC 9535, section 2.3.5).
indirect enum JSONPathCondition: Hashable, Sendable {
    case any([JSONPathCondition])
    case all([JSONPathCondition])
    case not(JSONPathCondition)
    case exists(JSONPathQuery)
    case comparison(JSONPathOperand, JSONPathComparison, JSONPathOperand)
    /// `match()`, which matches the whole string, or `search()`, which matches any part.
    case fits(JSONPathOperand, JSONPathPattern, whole: Bool)
}

enum JSONPathComparison: Hashable, Sendable {
    case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
}

/// An expression with one value or `Nothing`: a comparable, or an argument of ValueType (RFC 9535, section 2.4.1).
indirect enum JSONPathOperand: Hashable, Sendable {
    case literal(JSON)
    case query(JSONPathQuery)
    case length(JSONPathOperand)
    case count(JSONPathQuery)
    case value(JSONPathQuery)
}

enum JSONPathPattern: Hashable, Sendable {
    /// A literal pattern; nil if it is not a valid I-Regexp, which matches nothing (RFC 9535, section 2.4.6).
    case literal(IRegexp?)
    /// A pattern from the document.
    case operand(JSONPathOperand)
}
