import Testing

@testable import JSONDocuments

/// Tables of text that RFC 8259 requires a parser to accept or reject, and of text on which it leaves the choice.
@Suite struct JSONGrammarTests {
    @Test("text that RFC 8259 allows is accepted", arguments: accepted)
    func accepts(_ text: JSONText) throws {
        let document = try JSONDocument(parsing: text.bytes)
        #expect(document.root.range.upperBound <= text.bytes.count)
    }

    @Test("text that RFC 8259 forbids is rejected", arguments: refused)
    func refuses(_ text: JSONText) {
        #expect(throws: JSONSyntaxError.self) { try JSONDocument(parsing: text.bytes) }
    }

    /// Files written by hand may have comments and trailing commas, but nothing else that is rejected above.
    @Test("scenario files also reject text that RFC 8259 forbids", arguments: refused)
    func scenarioFilesAreNoLaxer(_ text: JSONText) {
        #expect(throws: JSONSyntaxError.self) { try JSONDocument(parsing: text.bytes, options: .scenario) }
    }

    @Test("every error has a place within the text and a well-formed message", arguments: refused + lenient)
    func everyErrorLiesWithinTheText(_ text: JSONText) throws {
        let error = try #require(throws: JSONSyntaxError.self) { try JSONDocument(parsing: text.bytes) }
        #expect(0...text.bytes.count ~= error.range.upperBound)
        #expect(error.message.first?.isUppercase == false)
        #expect(!error.message.hasSuffix("."))
    }

    @Test("only scenario files may have comments and trailing commas", arguments: lenient)
    func onlyScenarioFilesHaveCommentsAndTrailingCommas(_ text: JSONText) throws {
        #expect(throws: JSONSyntaxError.self) { try JSONDocument(parsing: text.bytes) }
        _ = try JSONDocument(parsing: text.bytes, options: .scenario)
    }

    @Test("duplicate keys and lone surrogates are accepted in responses only", arguments: suspicious)
    func onlyResponsesMayHaveThese(_ text: JSONText) throws {
        _ = try JSONDocument(parsing: text.bytes)
        #expect(throws: JSONSyntaxError.self) { try JSONDocument(parsing: text.bytes, options: .scenario) }
    }

    static let accepted: [JSONText] = [
        // Structure
        "[]", "{}", "[[]]", "[{}]", "{\"a\":{}}", "[1,2]", "[1 , 2]", " [] ", "\t\n\r [\t\n\r ]\t\n\r ", "[[],[[]]]",
        "{\"\":0}", "{\"a\":1,\"b\":2}", "{ \"a\" : 1 }", "{\"a\":[]}", "[null, 1, \"1\", {}]", "[\n1\n]",
        // Any value is a document
        "null", "true", "false", "0", "\"\"", "\"a\"", "-1", " 1", "1 ",
        // Numbers
        "[0]", "[-0]", "[-1]", "[10]", "[123]", "[0.0]", "[-0.0]", "[1.5]", "[1e1]", "[1E1]", "[1e+1]", "[1e-1]",
        "[1E+1]", "[1.5e10]", "[0e0]", "[0e+1]", "[0E1]", "[-0e-0]", "[1e00]", "[0.000000000000000000000000000000001]",
        "[123456789012345678901234567890]", "[-123456789012345678901234567890.5e-3]", "[1e400]", "[-1e-400]",
        "[1e99999999999999999999999999]",
        // Strings
        #"["\"\\\/\b\f\n\r\t"]"#, #"["\u0061"]"#, #"["\u00e9\u00E9"]"#, #"["\u0000"]"#, #"["\uD834\uDD1E"]"#,
        #"["\ud834\udd1e"]"#, #"["\\u0061"]"#, #"["\uFFFF"]"#, #"["\u2028\u2029"]"#, "[\"\u{7F}\"]", "[\"é€😀\"]",
        "[\"\u{2028}\u{2029}\"]", "[\"\u{FFFF}\u{10FFFF}\u{FEFF}\"]", "[\"/* no comment */\"]", "[\"a'b\"]",
        #"{"\u0061":1}"#, "[\"0123456789abcdef0123456789abcdef\"]", "[\"01234567é01234567\"]",
        // UTF-8, at the limits of its ranges
        JSONText([0x22, 0xC2, 0x80, 0xDF, 0xBF, 0x22]), JSONText([0x22, 0xE0, 0xA0, 0x80, 0xED, 0x9F, 0xBF, 0x22]),
        JSONText([0x22, 0xEE, 0x80, 0x80, 0xEF, 0xBF, 0xBF, 0x22]),
        JSONText([0x22, 0xF0, 0x90, 0x80, 0x80, 0xF4, 0x8F, 0xBF, 0xBF, 0x22]),
        // Depth
        JSONText(String(repeating: "[", count: 512) + String(repeating: "]", count: 512)),
    ]

    static let refused: [JSONText] = [
        // Empty or incomplete
        "", " ", "\n", "[", "{", "[1", "[1,", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "\"", "\"a", "\"\\",
        "\"\\u",
        "\"\\u00", "-", "[[]", "[\"a", "t", "nul", "fals",
        // Trailing content
        "[] []", "[]]", "{}}", "1 2", "1,", "[],", "null null", "[1]x", "\"a\"\"b\"", "{}#", "[]\u{0}",
        // Structure
        "[1 2]", "[,]", "[,1]", "[1,,2]", "[1,,]", "[}", "{]", "[1}", "{\"a\":1]", "{,}", "{\"a\"}", "{\"a\",1}",
        "{\"a\" 1}", "{\"a\"::1}", "{:1}", "{1:1}", "{null:1}", "{a:1}", "{'a':1}", "{[]:1}", "{\"a\":1 \"b\":2}",
        "{\"a\":1,,\"b\":2}", "{\"a\":}", "[:]", "[1:2]", "{\"a\":1:2}", "]", "}", ",", ":", "[\u{B}]", "[\u{C}]",
        "[\u{A0}]", "[\u{2028}]", "[\u{3000}1]", "{\"a\":/}", "[/]",
        // Words
        "nil", "None", "True", "TRUE", "nulll", "truefalse", "undefined", "NaN", "Infinity", "-Infinity", "a", "é",
        "[tru]", "[null1]", "[true\u{0}]", "'a'", "[`a`]",
        // Numbers
        "+1", "01", "-01", "00", "-", "--1", "-a", "1.", "-1.", ".1", "-.1", "1.e1", "1e", "1e+", "1e-", "1E", "1ee1",
        "1e1.5", "1.2.3", "0x1", "0b1", "1a", "1_000", "1,000", "1/2", "1+2", "- 1", "1 .5", "1e 5", "0e", "0.e1", "١",
        "[1\u{0}]", "[-]", "[- 1]", "[1e-]",
        // Strings
        "[\"\n\"]", "[\"\r\"]", "[\"\t\"]", "[\"\u{0}\"]", "[\"\u{1F}\"]", #"["\a"]"#, #"["\'"]"#, #"["\x41"]"#,
        #"["\0"]"#, #"["\U0041"]"#, #"["\u004"]"#, #"["\u 041"]"#, #"["\u00G1"]"#, #"["\u+041"]"#, #"["\"]"#,
        #"["\é"]"#, "[\"\\\n\"]", "[\"\\\"]", "[\"01234567\u{1}\"]", "[\"\\ \"]",
        // Invalid UTF-8: stray, truncated, overlong, surrogates, beyond U+10FFFF; inside and outside of strings
        JSONText([0x22, 0x80, 0x22]), JSONText([0x22, 0xBF, 0x22]), JSONText([0x22, 0xC3, 0x22]),
        JSONText([0x22, 0xE2, 0x82, 0x22]), JSONText([0x22, 0xF0, 0x9F, 0x98, 0x22]),
        JSONText([0x22, 0xC0, 0xAF, 0x22]),
        JSONText([0x22, 0xC1, 0xBF, 0x22]), JSONText([0x22, 0xE0, 0x80, 0xAF, 0x22]),
        JSONText([0x22, 0xE0, 0x9F, 0xBF, 0x22]), JSONText([0x22, 0xF0, 0x80, 0x80, 0xAF, 0x22]),
        JSONText([0x22, 0xF0, 0x8F, 0xBF, 0xBF, 0x22]), JSONText([0x22, 0xED, 0xA0, 0x80, 0x22]),
        JSONText([0x22, 0xED, 0xBF, 0xBF, 0x22]), JSONText([0x22, 0xF4, 0x90, 0x80, 0x80, 0x22]),
        JSONText([0x22, 0xF5, 0x80, 0x80, 0x80, 0x22]), JSONText([0x22, 0xFE, 0x22]), JSONText([0x22, 0xFF, 0x22]),
        JSONText([0x22, 0xE2, 0x28, 0xA1, 0x22]), JSONText([0x22, 0xC3]), JSONText([0x22, 0xF0, 0x9F]),
        JSONText([0x5B, 0xFF, 0x5D]), JSONText([0xE9]), JSONText([0x5B, 0x31, 0xFF, 0x5D]), JSONText([0x31, 0xC3]),
        // A byte order mark, and UTF-16
        JSONText([0xEF, 0xBB, 0xBF, 0x5B, 0x5D]), JSONText([0xEF, 0xBB, 0xBF]),
        JSONText([0xFF, 0xFE, 0x5B, 0x00, 0x5D, 0x00]), JSONText([0xFE, 0xFF, 0x00, 0x5B, 0x00, 0x5D]),
        JSONText([0x00, 0x5B, 0x00, 0x5D]), "[\u{FEFF}]",
        // Unclosed and invalid comments
        "[] /*", "/*/ []", "[] /", "[] /-", "/ []", "# []", "-- []", "[]/", "[/**/",
        // Depth
        JSONText(String(repeating: "[", count: 513) + String(repeating: "]", count: 513)),
        JSONText(String(repeating: "[", count: 100_000)), JSONText(String(repeating: "{\"a\":", count: 100_000)),
        JSONText(String(repeating: "[{\"a\":", count: 100_000)),
    ]

    static let lenient: [JSONText] = [
        "[1,]", "{\"a\":1,}", "[1 , ]", "[[],]", "{\"a\":[1,],}",
        "// a\n[]", "[] // a", "[]//", "[] // a\r\n", "/* a */ []", "[/**/]", "[/***/1/* * / **/]", "[1, // a\n 2]",
        "{/*a*/\"a\"/*b*/:/*c*/1/*d*/,/*e*/}", "[1 /* a\n b */, 2]", "//\u{1}é😀\n1", "/* // */ 1", "// /*\n1",
        "1 //\n//\n",
    ]

    static let suspicious: [JSONText] = [
        #"["\uD834"]"#, #"["\uDD1E"]"#, #"["\uDD1E\uD834"]"#, #"["\uD834\uD834\uDD1E"]"#, #"["\uD834x"]"#,
        #"["\uD834\n"]"#,
        #"{"a":1,"a":2}"#, #"{"a":1,"\u0061":2}"#, #"{"":1,"":1}"#, #"[{"b":{"a":1,"c":{"a":1},"a":1}}]"#,
        "{\"é\":1,\"\\u00e9\":1}",
    ]
}

/// A text of a table; tests show its first bytes.
struct JSONText: ExpressibleByStringLiteral, CustomTestStringConvertible, Sendable {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }
    init(_ text: String) { bytes = Array(text.utf8) }
    init(stringLiteral text: String) { self.init(text) }

    var testDescription: String { String(decoding: bytes.prefix(40), as: UTF8.self).debugDescription }
}
