/// What is accepted besides RFC 8259, and what is not although it is.
package struct JSONParsingOptions: Hashable, Sendable {
    /// `// to the end of the line` and `/* … */`, wherever whitespace may stand.
    package var allowsComments: Bool
    /// A comma after the last element or member.
    package var allowsTrailingCommas: Bool
    /// Two members of one name in an object are an error. Otherwise the last one is found.
    package var refusesDuplicateKeys: Bool
    /// An escape for half of a surrogate pair is an error. Otherwise it reads as U+FFFD: the grammar of RFC 8259 has
    /// it, and section 8.2 leaves its meaning open.
    package var refusesLoneSurrogates: Bool
    /// How many arrays and objects may be open at once.
    package var maximumDepth: Int

    /// RFC 8259 to the letter: for responses, and whatever else was not written for us.
    package static let strict = JSONParsingOptions(
        allowsComments: false, allowsTrailingCommas: false, refusesDuplicateKeys: false, refusesLoneSurrogates: false,
        maximumDepth: 512)

    /// For files written by hand: comments and trailing commas are welcome, what is likely a mistake is an error.
    package static let scenario = JSONParsingOptions(
        allowsComments: true, allowsTrailingCommas: true, refusesDuplicateKeys: true, refusesLoneSurrogates: true,
        maximumDepth: 512)
}
