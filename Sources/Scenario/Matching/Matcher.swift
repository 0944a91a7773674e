/// Conditions on one value, all of which must hold.
package struct Matcher: Sendable {
    package var conditions: [Condition]

    package struct Condition: Sendable {
        package var `operator`: MatcherOperator
        package var operand: Operand
        /// Byte offsets of the operator and its operand in the file.
        package var range: Range<Int>
    }

    package indirect enum Operand: Sendable {
        case value(TemplateValue)
        /// A pattern; compiled in advance if it is constant.
        case pattern(TemplateValue, RegularExpression?)
        case values([TemplateValue])
        /// Statuses, each a range of one code or of a class.
        case statuses([Range<Int>])
        case flag(Bool)
        case length(Int)
        case typeName(String)
        case matcher(Matcher)
        /// Matchers on a token's header and claims, by JSONPath; both may be empty.
        case token(header: [(JSONPath, Matcher)], claims: [(JSONPath, Matcher)])
    }

    /// Every expression in the operands.
    package var expressions: [Expression] {
        conditions.flatMap(\.operand.expressions)
    }
}

extension Matcher.Operand {
    var expressions: [Expression] {
        switch self {
        case .value(let value), .pattern(let value, _): value.expressions
        case .values(let values): values.flatMap(\.expressions)
        case .statuses, .flag, .length, .typeName: []
        case .matcher(let matcher): matcher.expressions
        case .token(let header, let claims): (header + claims).flatMap { $0.1.expressions }
        }
    }
}

/// A condition that does not hold.
package struct Mismatch: Hashable, Sendable {
    /// What was checked: `status`, `$.todos[3].title`.
    package var subject: String
    /// The expected value as text, with its type.
    package var expected: String
    package var actual: String
    /// Byte offsets of the condition in the file.
    package var range: Range<Int>

    package init(subject: String, expected: String, actual: String, range: Range<Int>) {
        self.subject = subject
        self.expected = expected
        self.actual = actual
        self.range = range
    }
}
