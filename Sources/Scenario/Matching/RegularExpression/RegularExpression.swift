/// A regular expression of the scenario language: PCRE's syntax without what would make matching backtrack, so that no
/// pattern takes more than time linear in the text, whoever wrote either.
///
/// There are no back-references, atomic groups and possessive quantifiers; what is unknown is an error. `\d`, `\w` and
/// `\s` are Unicode's (UTS #18, annex C), `.` is anything but a line's end, and `$` is the text's end, or a line's under
/// `(?m)`. It matches scalars, as all that compares text here does: a line feed is found in "\r\n".
package struct RegularExpression: Hashable, Sendable {
    package let pattern: String
    private let program: PatternProgram

    package init(_ pattern: String) throws(PatternError) {
        var parser = RegularExpressionParser(pattern)
        program = try PatternProgram(parser.parse())
        self.pattern = pattern
    }

    /// What its first group took where it is found first, or all of it where it has no group. A group within a look
    /// ahead or behind does not count.
    package func capture(in text: String) -> String? {
        var machine = PatternMachine(program, on: text)
        guard let match = machine.firstMatch() else { return nil }
        guard program.takes else { return text.part(from: match.start, to: match.end) }
        guard let start = match.takenStart, let end = match.takenEnd else { return nil }
        return text.part(from: start, to: end)
    }

    /// Whether it is found anywhere in the text.
    package func isFound(in text: String) -> Bool {
        var machine = PatternMachine(program, on: text)
        return machine.isFound()
    }
}

extension RegularExpression {
    package static func == (left: RegularExpression, right: RegularExpression) -> Bool {
        ScalarString(left.pattern) == ScalarString(right.pattern)
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(ScalarString(pattern)) }
}

extension String {
    fileprivate func part(from start: Int, to end: Int) -> String {
        let scalars = unicodeScalars
        let first = scalars.index(scalars.startIndex, offsetBy: start)
        return String(scalars[first..<scalars.index(first, offsetBy: end - start)])
    }
}
