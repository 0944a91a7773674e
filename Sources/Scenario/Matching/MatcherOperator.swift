/// The operators of a matcher. An object of them is a conjunction.
package enum MatcherOperator: String, CaseIterable, Hashable, Sendable {
    case eq, ne, gt, gte, lt, lte
    case `in`, notIn
    case contains, startsWith, endsWith, matches
    case exists, type
    case minLength, maxLength, length, number
    case isoDate, uuid, ipv4, ipv6, url, jwt
    case each, any, none, not
    case equals, includes

    /// What it is written with.
    package enum Operand: Sendable {
        case value
        /// A number or text, ordered.
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
        case .eq, .equals: "is this value, of the same type; the members of objects in any order"
        case .ne: "is there, and is not this value"
        case .gt: "is above"
        case .gte: "is at least"
        case .lt: "is below"
        case .lte: "is at most"
        case .in: "is one of these values"
        case .notIn: "is there, and is none of these values"
        case .contains: "is text that contains this text, or an array that has this element"
        case .startsWith: "is text that begins so"
        case .endsWith: "is text that ends so"
        case .matches: "is text in which this regular expression is found; anchor it with ^ and $"
        case .exists:
            "is there, or with false: is not there; of a path that can match several values: whether it matches any"
        case .type: "has this JSON type; integer is a number without a fraction"
        case .minLength: "has at least so many characters, elements or members"
        case .maxLength: "has at most so many characters, elements or members"
        case .length: "has so many characters, elements or members; or their number matches"
        case .number: "is text that is a number, and the number matches: a header field, say"
        case .isoDate: "is an RFC 3339 date, or date and time"
        case .uuid: "is a UUID (RFC 9562)"
        case .ipv4: "is an IPv4 address in dotted decimal"
        case .ipv6: "is an IPv6 address (RFC 4291)"
        case .url: "is an absolute http or https URL"
        case .jwt: "is a compact JWS (RFC 7515), whose header and claims match"
        case .each: "is an array, every element of which matches"
        case .any: "is an array, some element of which matches"
        case .none: "is an array, no element of which matches"
        case .not: "does not match; so it is also where nothing is there"
        case .includes: "has at least these members, at every depth; an array has at least these elements"
        }
    }

    package static let typeNames = ["null", "boolean", "number", "integer", "string", "array", "object"]
}
