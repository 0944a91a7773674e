/// Deviations from RFC 8259: what is accepted in addition, and what is rejected although valid.
package struct JSONParsingOptions: Hashable, Sendable {
    /// `// line comments` and `/* block comments */`, wherever whitespace is allowed.
    package var allowsComments: Bool
    /// A comma after the last element or member.
    package var allowsTrailingCommas: Bool
    /// Duplicate names in an object are an error. Otherwise the last member is found.
    package var refusesDuplicateKeys: Bool
    /// An escaped unpaired surrogate is an error. Otherwise it reads as U+FFFD. RFC 8259's grammar allows it, and
    /// section 8.2 leaves its meaning open.
    package var refusesLoneSurrogates: Bool
    /// Maximum nesting depth of arrays and objects.
    package var maximumDepth: Int

    /// Exactly RFC 8259: for responses and anything else not written for Gauntlet.
    package static let strict = JSONParsingOptions(
        allowsComments: false, allowsTrailingCommas: false, refusesDuplicateKeys: false, refusesLoneSurrogates: false,
        maximumDepth: 512)

    /// For files written by hand: comments and trailing commas are allowed, and likely mistakes are errors.
    package static let scenario = JSONParsingOptions(
        allowsComments: true, allowsTrailingCommas: true, refusesDuplicateKeys: true, refusesLoneSurrogates: true,
        maximumDepth: 512)
}
