import Testing

@testable import Patterns

@Suite struct IRegexpTests {
    @Test(
        "a pattern matches whole texts",
        arguments: [
            ("", ["": true, "a": false]), ("a", ["a": true, "b": false, "aa": false, "": false]),
            ("abc", ["abc": true, "ab": false, "abcd": false]),
            ("a|b", ["a": true, "b": true, "ab": false]), ("a|", ["a": true, "": true, "b": false]), ("|", ["": true]),
            ("(a|b)c", ["ac": true, "bc": true, "c": false]),
            ("ab|cd", ["ab": true, "cd": true, "abd": false]), ("()", ["": true, "a": false]), ("()*", ["": true]),
            ("(a*)*", ["": true, "aaa": true, "b": false]),
            ("(a|b*)+", ["abba": true, "": true, "c": false]), ("a*", ["": true, "aaaa": true, "ab": false]),
            ("a+", ["": false, "aa": true]), ("a?", ["": true, "a": true, "aa": false]),
            ("a{2}", ["a": false, "aa": true, "aaa": false]), ("a{2,}", ["a": false, "aa": true, "aaaaa": true]),
            ("a{1,3}", ["": false, "a": true, "aaa": true, "aaaa": false]),
            ("a{0}", ["": true, "a": false]), ("a{0,1}b", ["b": true, "ab": true, "aab": false]),
            ("(ab){2}", ["abab": true, "ab": false]), ("(a{2}){3}", ["aaaaaa": true, "aaaaa": false]),
            ("a{00002}", ["aa": true, "a": false]),
            (
                ".",
                [
                    "a": true, "\n": false, "\r": false, "\u{2028}": true, "\u{85}": true, "😀": true, "": false,
                    "ab": false,
                ]
            ),
            (".*", ["": true, "any thing": true, "two\nlines": false]),
            ("a.b", ["a𐄁b": true, "ab": false, "a\nb": false]),
        ] as [(String, KeyValuePairs<String, Bool>)])
    func matches(_ pattern: String, _ texts: KeyValuePairs<String, Bool>) throws {
        try check(pattern, texts)
    }

    @Test(
        "character classes match their characters",
        arguments: [
            ("[abc]", ["a": true, "c": true, "d": false, "": false]), ("[a-c]", ["b": true, "d": false, "-": false]),
            ("[^a-c]", ["b": false, "d": true, "\n": true, "": false]),
            ("[-a]", ["-": true, "a": true, "b": false]), ("[a-]", ["-": true, "a": true]),
            ("[-]", ["-": true, "a": false]), ("[^-]", ["-": false, "a": true]),
            ("[--]", ["-": true]), ("[^^]", ["^": false, "a": true]), ("[a^]", ["^": true]),
            ("[.*+?(){}|$]", [".": true, "{": true, "|": true, "$": true, "a": false]),
            ("[\\[\\]\\\\\\-\\^]", ["[": true, "]": true, "\\": true, "-": true, "^": true, "a": false]),
            ("[\\n\\r\\t]", ["\n": true, "\t": true, "n": false]),
            ("[a-z0-9_]+", ["ab_9": true, "A": false]), ("[😀-😂]", ["😁": true, "😃": false]),
            ("[é]", ["\u{E9}": true, "e\u{301}": false]), ("[^\u{E9}]", ["a": true, "\u{E9}": false]),
            ("[\\p{Lu}0-9]", ["A": true, "5": true, "a": false]), ("[^\\p{Lu}]", ["A": false, "a": true]),
            ("[\\P{Lu}A]", ["A": true, "B": false, "b": true]),
            ("[ -~]", ["a": true, "\u{7F}": false]), ("[a-a]", ["a": true, "b": false]),
        ] as [(String, KeyValuePairs<String, Bool>)])
    func classes(_ pattern: String, _ texts: KeyValuePairs<String, Bool>) throws {
        try check(pattern, texts)
    }

    @Test(
        "Unicode categories match their characters",
        arguments: [
            ("\\p{L}", ["a": true, "Ж": true, "1": false]), ("\\p{Lu}", ["Ж": true, "ж": false]),
            ("\\p{Ll}", ["ж": true, "Ж": false]), ("\\p{Lt}", ["ǅ": true, "A": false]),
            ("\\p{Lm}", ["ʰ": true, "h": false]), ("\\p{Lo}", ["字": true, "a": false]),
            ("\\p{Nd}", ["5": true, "٣": true, "Ⅷ": false]), ("\\p{Nl}", ["Ⅷ": true]), ("\\p{No}", ["½": true]),
            ("\\p{N}", ["½": true, "Ⅷ": true, "5": true, "a": false]), ("\\p{Mn}", ["\u{301}": true]),
            ("\\p{M}", ["\u{301}": true, "a": false]), ("\\p{Mc}", ["\u{903}": true]), ("\\p{Me}", ["\u{20DD}": true]),
            ("\\p{P}", ["!": true, "-": true, "a": false]), ("\\p{Pd}", ["-": true, "!": false]),
            ("\\p{Ps}", ["(": true]), ("\\p{Pe}", [")": true]), ("\\p{Pi}", ["«": true]), ("\\p{Pf}", ["»": true]),
            ("\\p{Pc}", ["_": true]), ("\\p{Po}", ["!": true]),
            ("\\p{S}", ["+": true, "€": true, "^": true, "©": true]), ("\\p{Sm}", ["+": true, "€": false]),
            ("\\p{Sc}", ["€": true]), ("\\p{Sk}", ["^": true]),
            ("\\p{So}", ["©": true]), ("\\p{Z}", [" ": true, "\u{2028}": true, "a": false]),
            ("\\p{Zs}", [" ": true, "\u{A0}": true, "\n": false]), ("\\p{Zl}", ["\u{2028}": true]),
            ("\\p{Zp}", ["\u{2029}": true]),
            ("\\p{C}", ["\n": true, "\u{378}": true, "a": false]), ("\\p{Cc}", ["\n": true]),
            ("\\p{Cf}", ["\u{AD}": true]), ("\\p{Co}", ["\u{E000}": true]), ("\\p{Cn}", ["\u{378}": true, "a": false]),
            ("\\P{L}", ["a": false, "1": true]), ("\\P{Lu}", ["a": true, "A": false]),
        ] as [(String, KeyValuePairs<String, Bool>)])
    func categories(_ pattern: String, _ texts: KeyValuePairs<String, Bool>) throws {
        try check(pattern, texts)
    }

    @Test(
        "escaped and ordinary characters match themselves",
        arguments: [
            ("\\(\\)\\*\\+\\-\\.\\?\\[\\\\\\]\\^\\{\\|\\}", "()*+-.?[\\]^{|}"), ("\\n\\r\\t", "\n\r\t"),
            (",-/>@Z_z~!\"#%&'<=:;", ",-/>@Z_z~!\"#%&'<=:;"), ("é😀", "é😀"),
        ])
    func escapes(_ pattern: String, _ text: String) throws {
        try check(pattern, [text: true])
    }

    /// Elsewhere in a pattern, `^` and `$` are ordinary characters.
    @Test(
        "anchors at the ends of a pattern are allowed",
        arguments: [
            ("^ab.*", ["abc": true, "ab": true, "xab": false, "^abc": true]),
            (".*bc$", ["abc": true, "abcx": false, "abc$": true]), ("^a$", ["a": true, "^a$": true]),
            ("a^b", ["a^b": true, "ab": false]), ("a$b", ["a$b": true, "ab": false]),
            ("(^|a)b", ["b": true, "ab": true]), ("^*a", ["a": true, "^^a": true]),
        ] as [(String, KeyValuePairs<String, Bool>)])
    func anchors(_ pattern: String, _ texts: KeyValuePairs<String, Bool>) throws {
        try check(pattern, texts)
    }

    @Test(
        "a search finds a match anywhere in the text",
        arguments: [
            ("b", ["abc": true, "b": true, "ac": false, "": false]), ("", ["": true, "a": true]),
            ("b+c", ["abbbcd": true, "abd": false]), ("^b", ["bc": true, "ab": false, "a^b": true]),
            ("b$", ["ab": true, "ba": false]), ("^$", ["": true, "a": false]),
            ("a.c", ["xxabcxx": true, "a\nc": false]), ("[0-9]{3}", ["ab123": true, "12a3": false]),
            ("a{0}", ["b": true]),
        ] as [(String, KeyValuePairs<String, Bool>)])
    func search(_ pattern: String, _ texts: KeyValuePairs<String, Bool>) throws {
        let expression = try IRegexp(pattern)
        for (text, isFound) in texts { #expect(expression.isFound(in: text) == isFound, "\(pattern) in \(text)") }
    }

    @Test(
        "an invalid pattern is rejected with a place and a message",
        arguments: [
            "(", ")", "(a", "a)", "(a))", "*", "+a", "?", "a**", "a+*", "a*?", "a{1}{2}", "a??", "|*", "(*)", "{", "}",
            "a{", "a{}", "a{,1}", "a{1", "a{1,", "a{a}", "a{1;2}", "a{2,1}", "a{-1}", "a{ 1}",
            "]", "a]", "[", "[]", "[^]", "[a", "[a-", "[z-a]", "[a--]", "[a-b-c]", "[a-\\p{L}]", "[[a]]", "[a[b]]",
            "[\\p{L}-z]", "[--a]", "[a]]", "\\", "a\\", "\\d", "\\w", "\\s", "\\S", "\\b", "\\1", "\\x41", "\\u0041",
            "\\a", "\\$", "\\/", "\\,", "\\p", "\\p{", "\\p{}", "\\p{L", "\\p{X}", "\\p{Lx}", "\\p{lu}", "\\p{Cs}",
            "\\p{IsBasicLatin}", "\\p{^L}", "\\pL", "[\\d]", "[\\p]", "(?:a)", "(?=a)", "(?i)a", "(?<n>a)",
            "a{99999999999999999999}x{",
        ])
    func isRefused(_ pattern: String) throws {
        let error = try #require(throws: PatternError.self) { try IRegexp(pattern) }
        #expect(error.code == .syntax)
        #expect(error.range.upperBound <= pattern.utf8.count)
        #expect(error.message.first?.isUppercase == false || error.message.hasPrefix("I-Regexp"))
    }

    @Test("an error names its place and a replacement")
    func errorsTellThePlace() throws {
        let error = try #require(throws: PatternError.self) { try IRegexp("é\\d+") }
        #expect(error.message == "I-Regexp (RFC 9485) does not support this escape")
        #expect(error.range == 2..<4)
        #expect(error.hint == "write [0-9] or \\p{Nd}")
    }

    @Test(
        "patterns that repeat too often are rejected",
        arguments: [
            "a{1000000}", "(a{1000}){1000}", "((((a{99}){99}){99}){99}){99}", "a{99999999999999999999}",
            "(a|b|c){1,99999}",
            "a{5000}b{5001}",
        ])
    func countsAreLimited(_ pattern: String) throws {
        #expect(try #require(throws: PatternError.self) { try IRegexp(pattern) }.code == .tooLarge)
    }

    @Test("repeating an empty group costs nothing")
    func nothingIsRepeatedWithoutEffort() throws {
        #expect(try IRegexp("(){1000000000}a").matches("a"))
        #expect(try IRegexp("((a{0}){1000000}){1000000}").matches(""))
    }

    @Test("patterns that nest too deeply are rejected")
    func nestingIsLimited() throws {
        let deep = String(repeating: "(", count: 100_000) + String(repeating: ")", count: 100_000)
        #expect(try #require(throws: PatternError.self) { try IRegexp(deep) }.code == .tooLarge)
        #expect(try IRegexp(String(repeating: "(", count: 150) + "a" + String(repeating: ")", count: 150)).matches("a"))
    }

    /// Patterns on which backtracking engines need 2^n steps.
    @Test("matching takes linear time", .timeLimit(.minutes(1)))
    func timeIsLinear() throws {
        let text = String(repeating: "a", count: 20_000)
        for pattern in ["(a*)*b", "(a+)+b", "(a|a)*b", "(a|aa)+b", "(.*)(.*)(.*)b", "((a*)*)*b"] {
            #expect(try !IRegexp(pattern).matches(text))
            #expect(try !IRegexp(pattern).isFound(in: text))
        }
        #expect(try IRegexp("(a?){50}a{50}").matches(String(repeating: "a", count: 50)))
    }

    private func check(_ pattern: String, _ texts: KeyValuePairs<String, Bool>) throws {
        let expression = try IRegexp(pattern)
        for (text, isMatch) in texts {
            #expect(expression.matches(text) == isMatch, "\(pattern) on \(text.debugDescription)")
            if isMatch { #expect(expression.isFound(in: text)) }
        }
    }
}
