import Testing

@testable import Scenario

/// The place, code, message and hint of each syntax error.
@Suite struct JSONSyntaxErrorTests {
    /// ‹…› marks the error's range and «…» its related range. Neither is part of the text.
    @Test(arguments: [
        Case("[1 ‹2›]", .missingComma, "expected ',' or ']' after an element", "put a comma before this"),
        Case("{\"a\": 1 ‹\"›b\": 2}", .missingComma, "expected ',' or '}' after a member", "put a comma before this"),
        Case("«[»1‹}›", .mismatchedBracket, "expected ',' or ']' after an element"),
        Case("[1, «{»\"a\": 2‹›", .unexpectedEnd, "expected ',' or '}' after a member, but the text ends"),
        Case("«[»1, ‹›", .unexpectedEnd, "expected a value, but the text ends"),
        Case("‹›", .unexpectedEnd, "expected a value, but the text ends"),
        Case("{\"a\" ‹1›}", .missingColon, "expected ':' after a member's name"),
        Case("{‹name›: 1}", .unexpectedCharacter, "expected a member's name", "names stand in double quotes"),
        Case("[‹'›a']", .unexpectedCharacter, "expected a value", "strings stand in double quotes"),
        Case("[‹True›]", .invalidLiteral, "expected a value", "write true"),
        Case("[‹None›]", .invalidLiteral, "expected a value", "write null"),
        Case("[‹NaN›]", .invalidLiteral, "expected a value", "JSON has neither infinity nor NaN"),
        Case("[‹grün›]", .invalidLiteral, "expected a value", "strings stand in double quotes"),
        Case("[1‹,›]", .trailingComma, "a comma stands before the closing bracket", "leave it out"),
        Case("[‹//› a\n]", .comment, "comments have no place in JSON"),
        Case("[] ‹false›", .trailingContent, "expected nothing after the value"),
        Case("[‹012›]", .invalidNumber, "a number does not begin with '0'", "leave leading zeros out"),
        Case("[‹+›1]", .invalidNumber, "a number does not begin with '+'", "leave the '+' out"),
        Case("[‹.›5]", .invalidNumber, "a number does not begin with '.'", "write a 0 before it"),
        Case("[‹1.›]", .invalidNumber, "expected a digit after the point"),
        Case("[‹1e+›]", .invalidNumber, "expected a digit in the exponent"),
        Case("[‹-›]", .invalidNumber, "expected a digit"),
        Case("[‹0x10›]", .invalidNumber, "this is not a number"),
        Case("[‹\"›abc]", .unterminatedString, "this string is not closed", "put a quote at its end"),
        Case(
            "[‹\"abc›\n]", .unterminatedString, "this string is not closed before the line ends",
            "close it with a quote; a line break within a string is written \\n"),
        Case("[\"a‹\t›\"]", .controlCharacter, "a string has a control character", "write it as \\t"),
        Case("[\"a‹\u{1}›\"]", .controlCharacter, "a string has a control character", "write it as \\u0001"),
        Case(#"["‹\x›41"]"#, .invalidEscape, "there is no such escape", #"a backslash itself is written \\"#),
        Case(#"["‹\é›"]"#, .invalidEscape, "there is no such escape", #"a backslash itself is written \\"#),
        Case(#"["‹\u12›x4"]"#, .invalidEscape, "\\u takes four hexadecimal digits"),
    ]) func strict(_ example: Case) throws { try example.check(.strict) }

    @Test(arguments: [
        Case(
            "{«\"a\"»: 1, \"b\": 2, ‹\"\\u0061\"›: 3}", .duplicateKey, "this object has a member of this name already",
            "rename or remove one of the two"),
        Case(
            #"["‹\uD834›"]"#, .loneSurrogate, "this is half of a surrogate pair",
            "write both halves, or the character itself"),
        Case("[] ‹/*› a", .unterminatedComment, "this comment is not closed", "close it with */"),
        Case("[1,‹,›]", .unexpectedCharacter, "expected a value"),
    ]) func scenario(_ example: Case) throws { try example.check(.scenario) }

    @Test("invalid UTF-8 is reported at its first byte")
    func invalidUTF8() throws {
        for (bytes, start) in [([0x5B, 0x22, 0x61, 0xFF], 3), ([0x5B, 0xFF], 1), ([0x22, 0xC3, 0x28, 0x22], 1)] {
            let error = try #require(throws: JSONSyntaxError.self) { try JSONDocument(parsing: bytes.map(UInt8.init)) }
            #expect(error.code == .invalidUTF8)
            #expect(error.range == start..<start + 1)
        }
        let comment: [UInt8] = Array("// ".utf8) + [0xFF] + Array("\n1".utf8)
        let error = try #require(throws: JSONSyntaxError.self) {
            try JSONDocument(parsing: comment, options: .scenario)
        }
        #expect(error.code == .invalidUTF8)
    }

    @Test("a byte order mark is rejected with a hint")
    func byteOrderMark() throws {
        let error = try #require(throws: JSONSyntaxError.self) {
            try JSONDocument(parsing: [0xEF, 0xBB, 0xBF, 0x31], options: .scenario)
        }
        #expect(error.code == .byteOrderMark)
        #expect(error.range == 0..<3)
        #expect(error.hint == "write it as UTF-8 without a byte order mark")
    }

    @Test("nesting deeper than 512 is rejected at its place")
    func depth() throws {
        let text = Array(String(repeating: "[", count: 600).utf8)
        let error = try #require(throws: JSONSyntaxError.self) { try JSONDocument(parsing: text) }
        #expect(error.code == .tooDeep)
        #expect(error.range == 512..<513)
        #expect(error.message == "arrays and objects are nested more than 512 deep")
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let marked: String
        let code: JSONSyntaxError.Code
        let message: String
        let hint: String?

        init(_ marked: String, _ code: JSONSyntaxError.Code, _ message: String, _ hint: String? = nil) {
            (self.marked, self.code, self.message, self.hint) = (marked, code, message, hint)
        }

        var testDescription: String { marked.debugDescription }

        func check(_ options: JSONParsingOptions) throws {
            var text = ""
            var marks: [Character: Int] = [:]
            for character in marked {
                if "‹›«»".contains(character) { marks[character] = text.utf8.count } else { text.append(character) }
            }
            let error = try #require(throws: JSONSyntaxError.self) {
                try JSONDocument(parsing: Array(text.utf8), options: options)
            }
            #expect(error.code == code)
            #expect(error.message == message)
            #expect(error.hint == hint)
            #expect(error.range == marks["‹"]!..<marks["›"]!)
            #expect(error.related == marks["«"].map { $0..<marks["»"]! })
        }
    }
}
