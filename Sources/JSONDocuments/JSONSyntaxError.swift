/// The first error in a JSON text.
package struct JSONSyntaxError: Error, Hashable, Sendable {
    package enum Code: String, Hashable, Sendable, CaseIterable {
        case unexpectedEnd, unexpectedCharacter, trailingContent
        case missingComma, missingColon, trailingComma, mismatchedBracket
        case invalidLiteral, invalidNumber
        case unterminatedString, controlCharacter, invalidEscape, loneSurrogate
        case invalidUTF8, byteOrderMark
        case comment, unterminatedComment
        case duplicateKey
        case tooDeep, tooLarge
    }

    package let code: Code
    /// A sentence in lower case, without a full stop: "expected ',' or '}' after a member".
    package let message: String
    /// The offending bytes. Empty, at the end of the text, if something is missing there.
    package let range: Range<Int>
    /// Another place involved: the unclosed bracket, or the first of two equal names.
    package let related: Range<Int>?
    /// How to fix it.
    package let hint: String?

    package init(_ code: Code, _ message: String, range: Range<Int>, related: Range<Int>? = nil, hint: String? = nil) {
        self.code = code
        self.message = message
        self.range = range
        self.related = related
        self.hint = hint
    }
}
