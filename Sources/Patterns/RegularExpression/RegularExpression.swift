/// A regular expression in PCRE syntax, without the features that require backtracking.
///
/// Matching takes time linear in the text, whatever the pattern. There are no back-references, atomic groups or
/// possessive quantifiers, and unknown syntax is an error. `\d`, `\w` and `\s` follow Unicode (UTS #18, annex C). `.`
/// matches anything except a line ending. `$` matches the end of the text, or of a line under `(?m)`. Like all text
/// comparison here, it works on Unicode scalars: a line feed is found in "\r\n".
package struct RegularExpression: Hashable, Sendable {
    package let pattern: String
    private let program: PatternProgram

    package init(_ pattern: String) throws(PatternError) {
        var parser = RegularExpressionParser(pattern)
        program = try PatternProgram(parser.parse())
        self.pattern = pattern
    }

    /// The text of the first group in the first match, or the whole match if the pattern has no group. Groups within
    /// lookarounds do not count.
    package func capture(in text: String) -> String? {
        var machine = PatternMachine(program, on: text)
        guard let match = machine.firstMatch() else { return nil }
        guard program.takes else { return text.part(from: match.start, to: match.end) }
        guard let start = match.takenStart, let end = match.takenEnd else { return nil }
        return text.part(from: start, to: end)
    }

    /// Whether it matches anywhere in the text.
    package func isFound(in text: String) -> Bool {
        var machine = PatternMachine(program, on: text)
        return machine.isFound()
    }
}

extension RegularExpression {
    // `String` treats "é" and "e\u{301}" as equal, but as patterns they differ.
    package static func == (left: RegularExpression, right: RegularExpression) -> Bool {
        left.pattern.utf8.elementsEqual(right.pattern.utf8)
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(Array(pattern.utf8)) }
}

extension String {
    fileprivate func part(from start: Int, to end: Int) -> String {
        let scalars = unicodeScalars
        let first = scalars.index(scalars.startIndex, offsetBy: start)
        return String(scalars[first..<scalars.index(first, offsetBy: end - start)])
    }
}
