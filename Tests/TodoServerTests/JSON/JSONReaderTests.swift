import NIOCore
import Testing

@testable import TodoServer

@Suite struct JSONReaderTests {
    private func read(_ text: String) throws -> JSONValue {
        try JSONReader.value(of: Array(text.utf8))
    }

    @Test(
        "valid JSON is parsed",
        arguments: [
            ("null", JSONValue.null), (" true\n", .bool(true)), ("-0.5e+3", .number("-0.5e+3")), ("\"\"", .string("")),
            (#""\u0000\n\/\"\\""#, .string("\u{0}\n/\"\\")), (#""\ud83d\ude00 é""#, .string("😀 é")),
            ("[1,[]]", .array([.number("1"), .array([])])),
            (
                #"{"a":1,"a":2}"#,
                .object(.init(members: [.init(name: "a", value: .number("1")), .init(name: "a", value: .number("2"))]))
            ),
        ])
    func reads(_ text: String, _ value: JSONValue) throws {
        #expect(try read(text) == value)
    }

    @Test(
        "invalid JSON is rejected",
        arguments: [
            "", " ", "nul", "truex", "01", "-", "1.", ".5", "1e", "+1", "0x1", "NaN", "Infinity", "'a'", "\"",
            "\"\\x\"",
            "\"\\u12\"", "\"\\u00g0\"", "\"\n\"", #""\ud800""#, #""\udc00""#, #""\ud800\u0041""#, "[1,]", "[,]",
            "[1 2]",
            "{", "{a:1}", #"{"a"}"#, #"{"a":1,}"#, "1 2", "[1]]", "\u{FEFF}1", "// a\n1",
        ])
    func refuses(_ text: String) {
        #expect(throws: JSONError.self) { try read(text) }
    }

    @Test(
        "invalid UTF-8 is rejected",
        arguments: [
            [0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0xEF, 0xBB, 0xBF, 0x31],
        ])
    func refusesInvalidUTF8(_ bytes: [UInt8]) {
        #expect(throws: JSONError.self) { try JSONReader.value(of: bytes) }
    }

    @Test("nesting deeper than 64 levels is rejected")
    func boundsDepth() throws {
        let deepest = String(repeating: "[", count: 64) + "1" + String(repeating: "]", count: 64)
        #expect(throws: Never.self) { try read(deepest) }
        #expect(throws: JSONError.self) { try read("[" + deepest + "]") }
        #expect(throws: JSONError.self) { try read(String(repeating: "[", count: 60_000)) }
    }

    @Test("an error has the byte offset")
    func saysWhere() {
        #expect(throws: JSONError(offset: 5, reason: "Expected a value")) { try read("{\"a\":}") }
    }

    @Test(
        "a parsed value is written so that it parses equally",
        arguments: [#"{"a":[1.50,"\u0001\n\"\\é😀"],"b":null}"#, "[]", "{}", "true"])
    func writesWhatItRead(_ text: String) throws {
        let value = try read(text)
        #expect(try JSONReader.value(of: value.bytes) == value)
    }
}
