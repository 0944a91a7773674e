import Testing

@testable import Patterns

@Suite struct RegularExpressionTests {
    @Test(
        "a pattern is found in matching texts only",
        arguments: [
            ("", ["": true, "a": true]), ("b", ["abc": true, "ac": false]), ("^b", ["bc": true, "ab": false]),
            ("b$", ["ab": true, "ba": false, "b\n": false]), ("^$", ["": true, "\n": false]),
            ("b\\Z", ["ab\n": true, "ab\r\n": true, "ab": true, "ab\n\n": false]),
            ("\\Aa\\z", ["a": true, "a\n": false]),
            ("(?m)^b$", ["a\nb\nc": true, "a\r\nb\r\nc": true, "ab": false]),
            ("(?m)^$", ["a\r\nb": false, "a\n\nb": true]),
            ("a.c", ["abc": true, "a\nc": false, "a\rc": false, "a\u{2028}c": false, "a\0c": true]),
            ("(?s)a.c", ["a\nc": true]), ("a\\Nc", ["abc": true, "a\nc": false]),
            ("^a\\Rb$", ["a\r\nb": true, "a\n\nb": false]),
            ("\\n", ["\r\n": true]), ("^(?:a|bc)+$", ["abca": true, "abcb": false]),
            ("^a{2,3}$", ["a": false, "aa": true, "aaaa": false]), ("^a{,2}$", ["": true, "aaa": false]),
            ("^a{2}$", ["aa": true]), ("^a{x}$", ["a{x}": true]), ("}", ["}": true]), ("]", ["]": true]),
            ("^{$", ["{": true]), ("^(a*)*$", ["aaa": true, "b": false]), ("^(|a)+$", ["aaa": true]),
            ("x{0}^a", ["a": true]),
        ] as [(String, KeyValuePairs<String, Bool>)])
    func finds(_ pattern: String, _ texts: KeyValuePairs<String, Bool>) throws {
        try check(pattern, texts)
    }

    @Test(
        "character classes and inline flags match as documented",
        arguments: [
            ("^\\d+$", ["0123": true, "٣": true, "a": false]), ("^\\w+$", ["aé_9": true, "a-b": false]),
            ("^\\s$", [" ": true, "\u{A0}": true, "\t": true, "a": false]),
            ("^\\D\\W\\S$", ["a-b": true, "1-b": false]),
            ("^[\\w-]+$", ["a-b": true, "a b": false]), ("^[^\\d\\s]+$", ["ab": true, "a1": false]),
            ("^[]a]+$", ["a]": true]), ("^[^]a]+$", ["b": true, "]": false]),
            ("^[a\\-z]+$", ["a-z": true, "b": false]),
            ("^[a-]+$", ["-a": true]), ("^[\\d-x]+$", ["1-x": true]), ("^[[]$", ["[": true]),
            ("^[[:alpha:][:digit:]]+$", ["aé1": true, "-": false]), ("^[[:^digit:]]$", ["a": true, "1": false]),
            ("^[[:punct:]]+$", ["$!-": true, "a": false]), ("^[[:graph:]]+$", ["a!": true, " ": false]),
            ("^\\p{Lu}\\p{^Lu}\\P{Lu}\\pL$", ["AaaA": true, "aaaa": false]), ("^[\\h\\v]+$", [" \t\n": true]),
            ("^[\\b]$", ["\u{8}": true, "b": false]),
            ("^\\x41\\u0042\\x{1F600}\\t\\f\\e\\0$", ["AB😀\t\u{C}\u{1B}\0": true]),
            ("^\\.\\*\\/\\_\\é$", [".*/_é": true]),
            ("(?i)^straße[A-C]é$", ["STRAßEbÉ": true, "strassebé": false]), ("(?i)^[^a]$", ["A": false, "b": true]),
            ("^a(?i)b(?-i)c$", ["aBc": true, "aBC": false]), ("^(?i:a)b$", ["Ab": true, "AB": false]),
            ("^(a(?i)b|c)d$", ["aBd": true, "Cd": true, "aBD": false]),
            ("(?x) ^ a \\  b # a comment\n [ ] $", ["a b ": true]),
            ("^a(?#no)b$", ["ab": true]),
        ] as [(String, KeyValuePairs<String, Bool>)])
    func classesAndSwitches(_ pattern: String, _ texts: KeyValuePairs<String, Bool>) throws {
        try check(pattern, texts)
    }

    @Test(
        "lookarounds and word boundaries match as documented",
        arguments: [
            ("\\bGET\\b", ["HEAD, GET": true, "GETTER": false]), ("a\\Bb", ["ab": true, "a b": false]),
            (
                "^(?!.*\\bPUT\\b)(?=.*\\bGET\\b)(?=.*\\bHEAD\\b)",
                ["HEAD, GET": true, "GET, HEAD, PUT": false, "GET": false]
            ),
            ("(?<=a|bc)d", ["ad": true, "bcd": true, "cd": false]),
            ("(?<!a)b", ["b": true, "ab": false, "aab": false]),
            ("a(?=b(?!c))", ["ab": true, "abc": false, "abcab": true]), ("a(?!b(?=c))", ["abd": true, "abc": false]),
            ("(?=a*b)a*c", ["aab": false, "c": false]), ("q(?=u)", ["iraq u": false, "qu": true]),
            ("(?<=^|,)b(?=,|$)", ["a,b": true, "ab": false, "b,a": true]),
            ("(?m)(?<=^a)b$", ["b\nab\n": true, "aab": false]),
            ("(?<=(?<!x)a)b", ["ab": true, "xab": false]),
        ] as [(String, KeyValuePairs<String, Bool>)])
    func looks(_ pattern: String, _ texts: KeyValuePairs<String, Bool>) throws {
        try check(pattern, texts)
    }

    @Test(
        "a capture is the first group of the leftmost match",
        arguments: [
            ("\\d+", "year 1996", "1996"), ("/todos/(\\d+)$", "/a/todos/42", "42"), ("(a)|b", "b", nil),
            ("x", "abc", nil),
            ("a|ab", "ab", "a"), ("(a|ab)(c|bcd)", "abcd", "a"), ("<(.*)>", "<a><b>", "a><b"),
            ("<(.*?)>", "<a><b>", "a"),
            ("(a+?)a*", "aaa", "a"), ("(a){3}", "aaa", "a"), ("(\\d)+", "123", "3"), ("(?:(a)|b)*", "ab", "a"),
            ("(?:x)(?<n>y)", "xy", "y"), ("(?P<n>y)", "xy", "y"), ("(?'n'y)z", "yz", "y"),
            ("é(.)", "aé\u{301}b", "\u{301}"),
            ("(?=(a))(a+)", "aa", "aa"), ("^([^.]+\\.[^.]+)\\.", "a.b.c", "a.b"), ("()", "a", ""), ("(a*)", "baa", ""),
            ("(a{2,}?)", "aaaa", "aa"), ("(|a)b", "ab", "a"), ("(\\w+)@(\\w+)", "to me@host now", "me"),
        ] as [(String, String, String?)])
    func captures(_ pattern: String, _ text: String, _ taken: String?) throws {
        #expect(try RegularExpression(pattern).capture(in: text) == taken)
    }

    @Test(
        "an invalid pattern is rejected with a message and a place",
        arguments: [
            ("(open", "this group is not closed", 0..<1), ("a)", "unmatched closing parenthesis", 1..<2),
            ("[z-a]", "this range runs backwards", 1..<4), ("[a-\\d]", "a range must end in a character", 1..<5),
            ("[ab", "this class is not closed", 0..<1), ("[]", "this class is not closed", 0..<1),
            ("*a", "there is nothing to repeat here", 0..<1), ("a|+", "there is nothing to repeat here", 2..<3),
            ("{2}", "there is nothing to repeat here", 0..<3), ("a**", "there is already a quantifier here", 2..<3),
            ("a{3,2}", "the smaller count must come first", 1..<6),
            ("^*", "this matches no characters and cannot be repeated", 0..<2),
            ("é(?=a)+", "this matches no characters and cannot be repeated", 2..<8),
            ("a++", "possessive quantifiers are not supported", 1..<3),
            ("(?>a)", "unknown kind of group", 0..<3),
            ("(a)\\1", "back-references are not supported", 3..<5),
            ("\\k<n>", "back-references are not supported", 0..<2),
            ("(*FAIL)", "backtracking verbs are not supported", 0..<2),
            ("(?<n", "this is not a valid group name", 0..<4),
            ("(?i", "this group is not closed", 0..<1), ("(?#a", "this comment is not closed", 0..<1),
            ("\\y", "unknown escape sequence", 0..<2), ("a\\", "the pattern ends in a backslash", 1..<2),
            ("\\p{Greek}", "unknown category", 0..<9), ("\\x4", "this is not a valid character code", 0..<3),
            ("\\x{110000}", "this is not a valid character code", 0..<10), ("[[:nope:]]", "unknown class", 1..<9),
            ("(a{1000}){1000}", "this pattern is too large", 0..<0),
        ] as [(String, String, Range<Int>)])
    func refuses(_ pattern: String, _ message: String, _ range: Range<Int>) throws {
        let error = try #require(throws: PatternError.self) { try RegularExpression(pattern) }
        #expect(error.message == message)
        #expect(error.range == range)
    }

    /// Each of these takes a backtracking matcher exponential time.
    @Test(
        "matching takes linear time",
        .timeLimit(.minutes(1)),
        arguments: [
            "^(a+)+$", "(a|a)*b", "(.*)(.*)(.*)(.*)(.*)x", "a+a+a+a+b", "(?=(a+)+b)a", "(?<=(a|aa)+)b", "^(?!(a*)*$)",
        ])
    func takesLinearTime(_ pattern: String) throws {
        let text = String(repeating: "a", count: 100_000) + "\n"
        let expression = try RegularExpression(pattern)
        #expect(expression.isFound(in: text) == (pattern == "^(?!(a*)*$)"))
        #expect(expression.capture(in: text) == (pattern == "^(?!(a*)*$)" ? "" : nil))
    }

    private func check(_ pattern: String, _ texts: KeyValuePairs<String, Bool>) throws {
        let expression = try RegularExpression(pattern)
        for (text, isFound) in texts {
            #expect(expression.isFound(in: text) == isFound, "\(pattern.debugDescription) in \(text.debugDescription)")
            #expect((expression.capture(in: text) != nil) == isFound || pattern.contains("("))
        }
    }
}
