/// What all responses of a step must show together, to prove caching or rate limiting.
package struct GroupExpectation: Sendable {
    package var assertions: [Assertion]

    package struct Assertion: Sendable {
        package var query: Query
        package var conditions: [Condition]
    }

    package struct Condition: Sendable {
        package var requirement: Requirement
        /// Byte offsets of the condition in the file.
        package var range: Range<Int>
    }

    package enum Requirement: Sendable {
        /// How often each value occurred. Keys are compared with the value's text; `2xx` is a class of statuses.
        case counts([Count], other: Matcher?)
        case sequence([TemplateValue])
        case first(Matcher)
        case last(Matcher)
        case each(Matcher)
        case allEqual(Bool)
        case distinct(Bool)
        case increasing(Bool)
        /// Percentiles by nearest rank, from 0 to 100.
        case percentile([(percentage: Double, matcher: Matcher)])
        /// The median of all but the first, divided by the first.
        case restToFirst(Matcher)
        /// The median of the second, fourth, … value, divided by the median of the first, third, …
        case evenToOdd(Matcher)
    }

    package struct Count: Sendable {
        package var key: String
        package var matcher: Matcher
    }

    package init(assertions: [Assertion] = []) { self.assertions = assertions }

    package var count: Int { assertions.reduce(0) { $0 + $1.conditions.count } }
}

extension GroupExpectation {
    package var expressions: [Expression] {
        assertions.flatMap(\.conditions).flatMap { condition -> [Expression] in
            switch condition.requirement {
            case .counts(let counts, let other): counts.flatMap(\.matcher.expressions) + (other?.expressions ?? [])
            case .sequence(let values): values.flatMap(\.expressions)
            case .first(let matcher), .last(let matcher), .each(let matcher), .restToFirst(let matcher),
                .evenToOdd(let matcher):
                matcher.expressions
            case .percentile(let percentiles): percentiles.flatMap(\.matcher.expressions)
            case .allEqual, .distinct, .increasing: []
            }
        }
    }
}
