import Scenario

/// Fuzzes I-Regexp. The first line is the pattern, the rest is the text.
struct IRegexpTarget: FuzzTarget {
    let corpus = [
        "abc\nabc", "a|b\nb", "(ab)*c\nababc", "[a-z]+\nword", "[^\\p{Lu}-]{1,3}\nxyz", "\\p{L}*\\d\nx1",
        "(a*)*b\naaaaaaaaaaaaaaaaaaaaaa", "a{2,5}\naaaa", "^a.c$\nabc",
        "(x+x+)+y\nxxxxxxxxxxxxxx", ".*\n\u{2028}", "\\P{Nd}\\.\\\\\nA.\\", "(a|aa|aaa){1,50}\naaaaaaaaaa",
        "[-a\\]]\n-",
    ]
    let tokens = [
        "(", ")", "[", "]", "{", "}", "*", "+", "?", "|", ".", "^", "$", "\\", "-", ",", "\\p{", "\\P{L}", "\\p{Cn}",
        "{0}", "{1,}", "{9}", "{99}", "{2,3}", "{100000}", "a", "b", "é", "😀",
        "\n", "[^", "a-z", "\\-", "()",
    ]
    let maximumLength = 512
    /// Matching takes the text's length times the pattern's size, which repetition counts multiply.
    let allowance = Duration.seconds(2)

    func check(_ input: [UInt8]) throws -> Bool {
        let parts = input.split(separator: UInt8(ascii: "\n"), maxSplits: 1, omittingEmptySubsequences: false)
        let pattern = String(decoding: parts[0], as: UTF8.self)
        let text = parts.count > 1 ? String(decoding: parts[1], as: UTF8.self) : ""
        let expression: IRegexp
        do throws(PatternError) { expression = try IRegexp(pattern) } catch {
            try require(error.range.upperBound <= pattern.utf8.count, "the error is outside the pattern")
            return false
        }
        let (isMatch, isFound) = (expression.matches(text), expression.isFound(in: text))
        try require(!isMatch || isFound, "a match is not found")
        try agree("(.|\n|\r)*(\(pattern))(.|\n|\r)*", text, isFound)
        try agree("(\(pattern))|(\(pattern))", text, isMatch)
        try agree("((\(pattern)){1})", text, isMatch)
        return true
    }

    /// Checks that a derived pattern gives this result, unless it is too large.
    private func agree(_ pattern: String, _ text: String, _ isMatch: Bool) throws {
        do throws(PatternError) {
            let other = try IRegexp(pattern)
            if other.matches(text) == isMatch { return }
        } catch {
            if error.code == .tooLarge { return }
        }
        throw Broken("\(pattern.debugDescription) disagrees")
    }
}
