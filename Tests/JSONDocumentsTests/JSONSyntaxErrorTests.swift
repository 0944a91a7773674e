import Testing

@testable import JSONDocuments

/// The place, code, message and hint of each syntax error.
@Suite struct JSONSyntaxErrorTests {
    /// ‹…› marks the error's range and «…» its related range. Neither is part of the text.
    @Test(
        "a syntax error has a place, a message and a hint",
        arguments: [
            Case("[1 ‹2›]", .missingComma, "expected ',' or ']' after an element", "add a comma before this"),
            Case(
                "{\"a\": 1 ‹\"›b\": 2}", .missingComma, "expected ',' or '}' after a member", "add a comma before this"),
            Case("«[»1‹}›", .mismatchedBracket, "expected ',' or ']' after an element"),
            Case("[1, «{»\"a\": 2‹›", .unexpectedEnd, "expected ',' or '}' after a member, but the text ends"),
            Case("«[»1, ‹›", .unexpectedEnd, "expected a value, but the text ends"),
            Case("‹›", .unexpectedEnd, "expected a value, but the text ends"),
            Case("{\"a\" ‹1›}", .missingColon, "expected ':' after a member name"),
            Case("{‹name›: 1}", .unexpectedCharacter, "expected a member name", "use double quotes for names"),
            Case("[‹'›a']", .unexpectedCharacter, "expected a value", "use double quotes for strings"),
            Case("[‹True›]", .invalidLiteral, "expected a value", "write true"),
            Case("[‹None›]", .invalidLiteral, "expected a value", "write null"),
            Case("[‹NaN›]", .invalidLiteral, "expected a value", "JSON has no infinity or NaN"),
            Case("[‹grün›]", .invalidLiteral, "expected a value", "use double quotes for strings"),
            Case("[1‹,›]", .trailingComma, "unexpected comma before the closing bracket", "remove it"),
            Case("[‹//› a\n]", .comment, "comments are not allowed in JSON"),
            Case("[] ‹false›", .trailingContent, "unexpected text after the value"),
            Case("[‹012›]", .invalidNumber, "a number cannot have leading zeros", "remove the leading zeros"),
            Case("[‹+›1]", .invalidNumber, "a number cannot start with '+'", "remove the '+'"),
            Case("[‹.›5]", .invalidNumber, "a number cannot start with '.'", "write 0 before the point"),
            Case("[‹1.›]", .invalidNumber, "expected a digit after the point"),
            Case("[‹1e+›]", .invalidNumber, "expected a digit in the exponent"),
            Case("[‹-›]", .invalidNumber, "expected a digit"),
            Case("[‹0x10›]", .invalidNumber, "this is not a valid number"),
            Case("[‹\"›abc]", .unterminatedString, "this string is not closed", "add a closing quote"),
            Case(
                "[‹\"abc›\n]", .unterminatedString, "this string is not closed before the end of the line",
                "add a closing quote; write a line break as \\n"),
            Case("[\"a‹\t›\"]", .controlCharacter, "unescaped control character in a string", "write it as \\t"),
            Case("[\"a‹\u{1}›\"]", .controlCharacter, "unescaped control character in a string", "write it as \\u0001"),
            Case(#"["‹\x›41"]"#, .invalidEscape, "unknown escape sequence", #"write \\ for a backslash"#),
            Case(#"["‹\é›"]"#, .invalidEscape, "unknown escape sequence", #"write \\ for a backslash"#),
            Case(#"["‹\u12›x4"]"#, .invalidEscape, "\\u takes four hexadecimal digits"),
        ]) func strict(_ example: Case) throws
    { try example.check(.strict) }

    @Test(
        "a likely mistake in a scenario is an error with a place and a hint",
        arguments: [
            Case(
                "{«\"a\"»: 1, \"b\": 2, ‹\"\\u0061\"›: 3}", .duplicateKey,
                "this object already has a member with this name",
                "rename or remove one of them"),
            Case(
                #"["‹\uD834›"]"#, .loneSurrogate, "this is an unpaired surrogate",
                "write both halves of the pair, or the character itself"),
            Case("[] ‹/*› a", .unterminatedComment, "this comment is not closed", "close it with */"),
            Case("[1,‹,›]", .unexpectedCharacter, "expected a value"),
        ]) func scenario(_ example: Case) throws
    { try example.check(.scenario) }

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
        #expect(error.hint == "encode it as UTF-8 without a byte order mark")
    }

    @Test("nesting deeper than 512 is rejected at its place")
    func depth() throws {
        let text = Array(String(repeating: "[", count: 600).utf8)
        let error = try #require(throws: JSONSyntaxError.self) { try JSONDocument(parsing: text) }
        #expect(error.code == .tooDeep)
        #expect(error.range == 512..<513)
        #expect(error.message == "arrays and objects are nested more than 512 levels deep")
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
