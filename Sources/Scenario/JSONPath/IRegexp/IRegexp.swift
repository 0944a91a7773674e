/// A regular expression of the interoperable kind (RFC 9485), matched in time linear in the text.
///
/// `.` is anything but a line feed or carriage return; there are no `\d`, no groups to refer to, no lookaround.
/// By the grammar `^` and `$` are ordinary characters, yet most engines that RFC 9485, section 5, maps to read them as
/// the text's ends, and so does the JSONPath compliance suite. Here they are both: `^` stands for itself or, where the
/// text begins, for nothing; `$` likewise where it ends.
package struct IRegexp: Hashable, Sendable, CustomStringConvertible {
    /// The expression as it was written.
    package let pattern: String
    private let program: IRegexpProgram

    package init(_ pattern: String) throws(IRegexpError) {
        var parser = IRegexpParser(pattern)
        program = try IRegexpProgram(parser.parse())
        self.pattern = pattern
    }

    /// Whether the expression matches the whole text.
    package func matches(_ text: String) -> Bool {
        var matcher = IRegexpMatcher(program)
        return matcher.run(text, anywhere: false)
    }

    /// Whether the expression matches any part of the text.
    package func isFound(in text: String) -> Bool {
        var matcher = IRegexpMatcher(program)
        return matcher.run(text, anywhere: true)
    }

    package var description: String { pattern }
}

extension IRegexp {
    package static func == (left: IRegexp, right: IRegexp) -> Bool {
        ScalarString(left.pattern) == ScalarString(right.pattern)
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(ScalarString(pattern)) }
}

/// Why a pattern is no I-Regexp, or one that is not taken on.
package struct IRegexpError: Error, Hashable, Sendable {
    package enum Code: String, Hashable, Sendable {
        /// Not of the grammar of RFC 9485.
        case syntax
        /// Of the grammar, but past a limit of this implementation (RFC 9485, section 8).
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
