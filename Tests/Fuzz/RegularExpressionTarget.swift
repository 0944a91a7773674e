import Scenario

/// Fuzzes regular expressions. The first line is the pattern, the rest is the text. Lookaheads and lookbehinds, which
/// scan the text in other ways, must agree with a plain search.
struct RegularExpressionTarget: FuzzTarget {
    let corpus = [
        "abc\nabc", "a|b\nb", "(ab)*c\nababc", "[a-z]+\nword", "[^\\p{Lu}-]{1,3}\nxyz", "\\w*\\d\nx1",
        "(a*)*b\naaaa", "a{2,5}?\naaaa", "^a.c$\nabc", "(?i)(?:a|B)\nAb", "a(?=b)|c(?!d)\nabcd", "(?m)^b$\na\nb",
        "(?s)a.b\na\nb", "[\\w-]\\s\\S\na b", "(a|ab)(c|bcd)\nabcd",
    ]
    let tokens = [
        "(", ")", "(?:", "(?=", "(?!", "(?<=", "(?<!", "(?x)", "#", "(?i)", "(?m)", "(?s)", "[", "[^", "]", "{", "}",
        "*", "+", "?", "*?", "+?",
        "??", "|", ".",
        "^", "$", "\\", "-", "\\d", "\\w", "\\s", "\\S", "\\b", "\\B", "\\A", "\\z", "\\n", "{0}", "{1,}", "{2,3}",
        "{,2}",
        "a", "b", "A", "é", "😀", " ", "_", "0", "\n", "\r\n", "a-z", "\\-",
    ]
    let maximumLength = 256
    let allowance = Duration.seconds(2)

    func check(_ input: [UInt8]) throws -> Bool {
        let parts = input.split(separator: UInt8(ascii: "\n"), maxSplits: 1, omittingEmptySubsequences: false)
        let pattern = String(decoding: parts[0], as: UTF8.self)
        let text = parts.count > 1 ? String(decoding: parts[1], as: UTF8.self) : ""
        let expression: RegularExpression
        do throws(PatternError) { expression = try RegularExpression(pattern) } catch {
            try require(error.range.upperBound <= pattern.utf8.count, "the error is outside the pattern")
            return false
        }
        let isFound = expression.isFound(in: text)
        try require(isFound || expression.capture(in: text) == nil, "a capture without a match")
        for (other, isFound) in [
            ("(?:\(pattern))", isFound), ("(?=\(pattern))", isFound), ("(?<=\(pattern))", isFound),
            ("^(?!(?s:.*)(?:\(pattern)))", !isFound), ("(?<!(?:\(pattern))(?s:.*))\\z", !isFound),
        ] {
            try agree(other, text, isFound)
        }
        return true
    }

    /// Checks that a derived pattern gives this result, unless it is too large or a comment swallows its end.
    private func agree(_ pattern: String, _ text: String, _ isFound: Bool) throws {
        do throws(PatternError) {
            if try RegularExpression(pattern).isFound(in: text) == isFound { return }
        } catch {
            if error.code == .tooLarge || pattern.contains("#") { return }
        }
        throw Broken("\(pattern.debugDescription) disagrees")
    }
}
