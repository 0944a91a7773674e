/// Why a text is no pattern, or one that is not taken on.
package struct PatternError: Error, Hashable, Sendable {
    package enum Code: String, Hashable, Sendable {
        /// Not of the grammar.
        case syntax
        /// Of the grammar, but past a limit of this implementation (RFC 9485, section 8, leaves them to it).
        case tooLarge
    }

    package let code: Code
    /// A sentence without capital and full stop.
    package let message: String
    /// Where in the pattern, as offsets in its UTF-8.
    package let range: Range<Int>
    package let hint: String?

    init(_ message: String, range: Range<Int>, hint: String? = nil, code: Code = .syntax) {
        self.code = code
        self.message = message
        self.range = range
        self.hint = hint
    }
}
