/// An interoperable regular expression, I-Regexp (RFC 9485), matched in time linear in the text.
///
/// `.` matches anything except a line feed or carriage return. There is no `\d`, no capture and no lookaround.
///
/// By the grammar, `^` and `$` are ordinary characters. Most engines that RFC 9485, section 5, maps to treat them as
/// anchors, and so does the JSONPath compliance suite. Here both readings match: `^` matches itself or the start of the
/// text, and `$` itself or the end.
package struct IRegexp: Hashable, Sendable, CustomStringConvertible {
    /// The expression as it was written.
    package let pattern: String
    private let program: PatternProgram
    private let wholeProgram: PatternProgram

    package init(_ pattern: String) throws(PatternError) {
        var parser = IRegexpParser(pattern)
        let syntax = try parser.parse()
        program = try PatternProgram(syntax)
        wholeProgram = try PatternProgram(.sequence([.assertion(.textStart), syntax, .assertion(.textEnd)]))
        self.pattern = pattern
    }

    /// Whether the expression matches the whole text.
    package func matches(_ text: String) -> Bool {
        var machine = PatternMachine(wholeProgram, on: text)
        return machine.isFound()
    }

    /// Whether the expression matches any part of the text.
    package func isFound(in text: String) -> Bool {
        var machine = PatternMachine(program, on: text)
        return machine.isFound()
    }

    package var description: String { pattern }
}

extension IRegexp {
    // `String` treats "é" and "e\u{301}" as equal, but as patterns they differ.
    package static func == (left: IRegexp, right: IRegexp) -> Bool {
        left.pattern.utf8.elementsEqual(right.pattern.utf8)
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(Array(pattern.utf8)) }
}
