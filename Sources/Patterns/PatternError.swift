/// Why a pattern is invalid or not supported.
package struct PatternError: Error, Hashable, Sendable {
    package enum Code: String, Hashable, Sendable {
        /// The pattern does not follow the grammar.
        case syntax
        /// The pattern is valid but exceeds a limit of this implementation, as RFC 9485, section 8, allows.
        case tooLarge
    }

    package let code: Code
    /// A sentence in lower case, without a full stop.
    package let message: String
    /// Offsets in the pattern's UTF-8.
    package let range: Range<Int>
    package let hint: String?

    init(_ message: String, range: Range<Int>, hint: String? = nil, code: Code = .syntax) {
        self.code = code
        self.message = message
        self.range = range
        self.hint = hint
    }
}
