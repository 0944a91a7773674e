/// The first place where a text is not JSON.
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
    /// A sentence without capital and full stop: "expected ',' or '}' after a member".
    package let message: String
    /// The bytes at fault; empty, at the end of the text, where something is missing there.
    package let range: Range<Int>
    /// What else has a part in it: the bracket that is not closed, the first of two equal keys.
    package let related: Range<Int>?
    /// What to do about it.
    package let hint: String?

    package init(_ code: Code, _ message: String, range: Range<Int>, related: Range<Int>? = nil, hint: String? = nil) {
        self.code = code
        self.message = message
        self.range = range
        self.related = related
        self.hint = hint
    }
}
