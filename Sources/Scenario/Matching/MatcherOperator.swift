/// The operators of a matcher. In an object of operators, all must hold.
package enum MatcherOperator: String, CaseIterable, Hashable, Sendable {
    case eq, ne, gt, gte, lt, lte
    case `in`, notIn
    case contains, startsWith, endsWith, matches
    case exists, type
    case minLength, maxLength, length, number
    case isoDate, uuid, ipv4, ipv6, url, jwt
    case each, any, none, not
    case equals, includes

    /// The kind of operand.
    package enum Operand: Sendable {
        case value
        /// A number or text, for ordering.
        case ordered
        case text
        case regularExpression
        case values
        case flag
        case typeName
        case length
        case lengthOrMatcher
        case matcher
        /// `true`, or matchers on a token's header and claims.
        case token
    }

    package var operand: Operand {
        switch self {
        case .eq, .ne, .contains, .equals, .includes: .value
        case .gt, .gte, .lt, .lte: .ordered
        case .in, .notIn: .values
        case .startsWith, .endsWith: .text
        case .matches: .regularExpression
        case .exists, .isoDate, .uuid, .ipv4, .ipv6, .url: .flag
        case .type: .typeName
        case .minLength, .maxLength: .length
        case .length: .lengthOrMatcher
        case .number, .each, .any, .none, .not: .matcher
        case .jwt: .token
        }
    }

    package var summary: String {
        switch self {
        case .eq, .equals: "equals this value, with the same type; the order of object members does not matter"
        case .ne: "exists and does not equal this value"
        case .gt: "is greater than this value"
        case .gte: "is at least this value"
        case .lt: "is less than this value"
        case .lte: "is at most this value"
        case .in: "is one of these values"
        case .notIn: "exists and is none of these values"
        case .contains: "is text that contains this text, or an array with this element"
        case .startsWith: "is text that starts with this text"
        case .endsWith: "is text that ends with this text"
        case .matches: "is text that this regular expression matches anywhere; anchor it with ^ and $"
        case .exists:
            "exists, or with `false` does not exist; a path that can match several values exists if it matches any"
        case .type: "has this JSON type; `integer` is a number without a fraction"
        case .minLength: "has at least this many characters, elements or members"
        case .maxLength: "has at most this many characters, elements or members"
        case .length: "has exactly this many characters, elements or members, or a matching number of them"
        case .number: "is text that is a number, such as a header field, and the number matches"
        case .isoDate: "is an RFC 3339 date, or date and time"
        case .uuid: "is a UUID (RFC 9562)"
        case .ipv4: "is an IPv4 address in dotted decimal"
        case .ipv6: "is an IPv6 address (RFC 4291)"
        case .url: "is an absolute http or https URL"
        case .jwt: "is a compact JWS (RFC 7515) with matching header and claims"
        case .each: "is an array in which every element matches"
        case .any: "is an array in which at least one element matches"
        case .none: "is an array in which no element matches"
        case .not: "does not match; also holds if there is no value"
        case .includes: "has at least these members, at every depth; for an array, at least these elements"
        }
    }

    package static let typeNames = ["null", "boolean", "number", "integer", "string", "array", "object"]
}
