import TestSupport
import Testing

@testable import Scenario

@Suite struct FormatScenarioTests {
    @Test(
        "the layout is canonical",
        arguments: [
            Layout("scalars", " 1 ", "1"), Layout("an empty array", "[ \n ]", "[]"),
            Layout("an empty object", "{\n\n}", "{}"),
            Layout("one line stays one line", "{\"a\":1,\"b\":[1,2,{}]}", "{ \"a\": 1, \"b\": [1, 2, {}] }"),
            Layout("several lines stay several", "[1,\n2]", "[\n  1,\n  2\n]"),
            Layout(
                "containers are broken only where they were", "{\"a\":[1,2],\n\"b\":{\"c\":[\n]}}",
                "{\n  \"a\": [1, 2],\n  \"b\": {\n    \"c\": []\n  }\n}"),
            Layout("trailing commas are removed", "[1,2,]", "[1, 2]"),
            Layout("trailing commas at line ends are removed", "{\"a\":1,\n}", "{\n  \"a\": 1\n}"),
            Layout("literals are kept", #"[1.0e+05,-0,"\u0041\/",1E2]"#, #"[1.0e+05, -0, "\u0041\/", 1E2]"#),
            Layout("one empty line is kept", "[\n\n\n1,\n\n\n\n2,\n3\n\n]", "[\n  1,\n\n  2,\n  3\n]"),
            Layout("carriage returns are removed", "[1,\r\n\r\n2,\r\n3]\r\n", "[\n  1,\n\n  2,\n  3\n]"),
        ])
    func layout(_ example: Layout) throws { try example.check() }

    @Test(
        "comments keep their place",
        arguments: [
            Layout(
                "above", "// a\n/* b */\n{\n// c\n\"x\":1,\n\n// d\n// e\n\"y\":2}",
                "// a\n/* b */\n{\n  // c\n  \"x\": 1,\n\n  // d\n  // e\n  \"y\": 2\n}"),
            Layout(
                "at the end of a line", "[1, // a\n2 // b\n,3 /* c */, /* d */ // e\n]   // f",
                "[\n  1, // a\n  2, // b\n  3 /* c */ /* d */ // e\n] // f"),
            Layout(
                "before the next on its line", "[1, /* a */ 2,\n/* b */ 3]", "[\n  1,\n  /* a */ 2,\n  /* b */ 3\n]"),
            Layout(
                "after the opening bracket", "{ // a\n\"x\": [ /* b */ // c\n1]}",
                "{ // a\n  \"x\": [ /* b */ // c\n    1\n  ]\n}"),
            Layout("above the closing bracket", "[1,\n// a\n]", "[\n  1\n  // a\n]"),
            Layout(
                "in an empty container", "[[/*a*/],{ /*b*/ /*c*/ },[\n//d\n],[ // e\n]]",
                "[\n  [/*a*/],\n  { /*b*/ /*c*/ },\n  [\n    // d\n  ],\n  [ // e\n  ]\n]".replacing(
                    "// d", with: "//d")),
            Layout("on one line", "[/*a*/1/*b*/,/*c*/2/*d*/,/*e*/]", "[/*a*/ 1 /*b*/, /*c*/ 2 /*d*/ /*e*/]"),
            Layout("around a colon", "{/*a*/\"x\"/*b*/:/*c*/1/*d*/}", "{ /*a*/ \"x\": /*b*/ /*c*/ 1 /*d*/ }"),
            Layout(
                "a line comment at a colon moves above", "{\"w\":0,\n\n\"x\": // a\n1}",
                "{\n  \"w\": 0,\n\n  // a\n  \"x\": 1\n}"),
            Layout("after the end", "1\n\n\n// a\n// b\n\n", "1\n\n// a\n// b"),
            Layout("before the start", "\n\n// a\n\n1", "// a\n\n1"),
            Layout("aligned", "[\n/* a\n* b\n   * c\n*/\n1]", "[\n  /* a\n   * b\n   * c\n   */\n  1\n]"),
            Layout("not aligned", "[\n/* a\n     b\n*/\n1]", "[\n  /* a\n     b\n*/\n  1\n]"),
            Layout("trailing spaces are removed", "1 // a \t\n", "1 // a"),
            Layout("not a comment", "[\"// a\", \"/* b */\"]", "[\"// a\", \"/* b */\"]"),
        ])
    func comments(_ example: Layout) throws { try example.check() }

    @Test("lines longer than 100 columns are broken")
    func linesAreBrokenPastAHundredColumns() throws {
        let fits = "[\"" + String(repeating: "é", count: 93) + "\", 1]"
        #expect(fits.count == 100)
        try Layout("", fits, fits).check()
        let long = "[\"" + String(repeating: "é", count: 94) + "\", 1]"
        try Layout("", long, "[\n  \"" + String(repeating: "é", count: 94) + "\",\n  1\n]").check()
        // The following comma and everything before the container count too.
        let inner = "[\"" + String(repeating: "a", count: 85) + "\", 1]"
        try Layout("", "{\"x\":\(inner)\n}", "{\n  \"x\": \(inner)\n}").check()
        try Layout("", "{\"xy\":\(inner)\n}", "{\n  \"xy\": \(inner)\n}").check()
        try Layout(
            "", "{\"xy\":\(inner),\n\"z\":1}",
            "{\n  \"xy\": [\n    \"" + String(repeating: "a", count: 85) + "\",\n    1\n  ],\n  \"z\": 1\n}"
        ).check()
    }

    @Test("a whole scenario is formatted")
    func aScenario() throws {
        try Layout(
            "",
            """
            {"$schema":"scenario.schema.json", // the format
              "name":   "reads",
              "variables": {"username": "admin", "password": {"env": "PASSWORD", "secret": true}},


              /* One login
               for all. */
              "setup": [{ "id": "login",
                "request": {"method": "POST", "url": "/login", "form": {"username": "{{username}}", "password": "{{password}}"}},
                "expect": {"status": 200,},
              }]
            }
            """,
            """
            {
              "$schema": "scenario.schema.json", // the format
              "name": "reads",
              "variables": { "username": "admin", "password": { "env": "PASSWORD", "secret": true } },

              /* One login
               for all. */
              "setup": [
                {
                  "id": "login",
                  "request": {
                    "method": "POST",
                    "url": "/login",
                    "form": { "username": "{{username}}", "password": "{{password}}" }
                  },
                  "expect": { "status": 200 }
                }
              ]
            }
            """
        ).check()
    }

    @Test("a syntax error is that of the parser")
    func anErrorIsThatOfTheParser() throws {
        let error = try #require(throws: JSONSyntaxError.self) { try formatScenario(Array("[1 2]".utf8)) }
        #expect(error.code == .missingComma)
        #expect(error.range == 3..<4)
    }

    /// For any input layout, values and comments survive, and formatting again changes nothing.
    @Test("values and comments survive formatting, and formatting is idempotent", arguments: 0..<20 as Range<UInt64>)
    func survives(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<100 {
            let value = JSON.random(depth: 4, using: &random)
            let text = Array(value.spaced(using: &random).utf8)
            let once = try formatScenario(text)
            #expect(try JSONDocument(parsing: once, options: .scenario).root.value.serialized() == value.serialized())
            #expect(comments(once) == comments(text))
            let twice = try formatScenario(once)
            #expect(String(decoding: twice, as: UTF8.self) == String(decoding: once, as: UTF8.self))
            #expect(once.last == 0x0A && once.dropLast().last != 0x0A)
        }
    }

    @Test("formatting takes linear time", .timeLimit(.minutes(1)))
    func timeIsLinear() throws {
        let wide = "[" + repeatElement("{\"a\":[1,2,3],\"b\":\"text\"}", count: 5_000).joined(separator: ",") + "]"
        let deep = String(repeating: "[", count: 100) + wide + String(repeating: "]", count: 100)
        #expect(try JSONDocument(parsing: formatScenario(Array(deep.utf8))).root.count == 1)
    }

    /// All comments of a valid text, sorted.
    private func comments(_ text: [UInt8]) -> [String] {
        let source = String(decoding: text, as: UTF8.self)
        return source.matches(of: /"(?:[^"\\]|\\.)*"|\/\/[^\r\n]*|\/\*(?s:.*?)\*\//.matchingSemantics(.unicodeScalar))
            .map { String($0.output) }
            .filter { $0.hasPrefix("/") }.map { $0.filter { !$0.isWhitespace } }.sorted()
    }

    struct Layout: Sendable, CustomTestStringConvertible {
        let name: String
        let text: String
        let expected: String

        init(_ name: String, _ text: String, _ expected: String) {
            (self.name, self.text, self.expected) = (name, text, expected)
        }

        var testDescription: String { name }

        func check() throws {
            let result = String(decoding: try formatScenario(Array(text.utf8)), as: UTF8.self)
            #expect(result == expected + "\n")
            #expect(String(decoding: try formatScenario(Array(result.utf8)), as: UTF8.self) == result)
        }
    }
}
