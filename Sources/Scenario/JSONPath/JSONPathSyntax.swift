/// What a query says, by the names that RFC 9535 gives to the parts.
struct JSONPathQuery: Hashable, Sendable {
    /// True for `$…`, false for `@…`.
    let isAbsolute: Bool
    let segments: [JSONPathSegment]
    /// Whether it finds one node at most: names and indices only.
    let isSingular: Bool

    init(isAbsolute: Bool, segments: [JSONPathSegment]) {
        self.isAbsolute = isAbsolute
        self.segments = segments
        isSingular = segments.allSatisfy(\.isSingular)
    }
}

struct JSONPathSegment: Hashable, Sendable {
    /// True for `..`: the node itself and all below it, not only its children.
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
    /// In UTF-8, as the document has it.
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

/// What a filter asks of each child: a logical expression (RFC 9535, section 2.3.5).
indirect enum JSONPathCondition: Hashable, Sendable {
    case any([JSONPathCondition])
    case all([JSONPathCondition])
    case not(JSONPathCondition)
    case exists(JSONPathQuery)
    case comparison(JSONPathOperand, JSONPathComparison, JSONPathOperand)
    /// `match()` where the whole string has to fit the pattern, `search()` where any part may.
    case fits(JSONPathOperand, JSONPathPattern, whole: Bool)
}

enum JSONPathComparison: Hashable, Sendable {
    case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
}

/// What yields one value or nothing: a comparable, or an argument of ValueType (RFC 9535, section 2.4.1).
indirect enum JSONPathOperand: Hashable, Sendable {
    case literal(JSON)
    case query(JSONPathQuery)
    case length(JSONPathOperand)
    case count(JSONPathQuery)
    case value(JSONPathQuery)
}

enum JSONPathPattern: Hashable, Sendable {
    /// From a literal; nil for one that is no I-Regexp, which fits nothing (RFC 9535, section 2.4.6).
    case literal(IRegexp?)
    /// From the document.
    case operand(JSONPathOperand)
}
