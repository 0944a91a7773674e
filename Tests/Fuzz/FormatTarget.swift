import Scenario

struct FormatTarget: FuzzTarget {
    let corpus = [
        "{\"a\": 1, // b\n \"c\": [1, 2, 3], /* d */\n\n \"e\": { \"f\": null }\n}",
        "[1,\n/* a */ 2 /* b */, // c\n\n// d\n]", "// a\n\n{}\n// b", "[/*a*/]", "{\"a\"/*b*/:// c\n1}",
        "/* a\n * b\n */ [ // c\n [ /* d\n e */ ] ]",
        "[\"0123456789012345678901234567890123456789\",\"0123456789012345678901234567890123456789012345\", 1]", "1",
    ]
    let tokens = [
        "[", "]", "{", "}", ",", ":", "\"a\":", "\"b\"", "1", "// x\n", "/* y */", "/* y\n z */", "/* y\n * z */", "\n",
        "\n\n", "\r\n", "\r", " ", "\t", "//", "/*", "*/", "null", "é", "{\"a\":[",
        "\"0123456789012345678901234567890123456789\"",
    ]
    let maximumLength = 16_384
    /// Indenting deeply nested brackets takes time.
    let allowance = Duration.seconds(1)

    func check(_ text: [UInt8]) throws -> Bool {
        guard let value = try? JSONDocument(parsing: text, options: .scenario).root.value else { return false }
        let formatted = try formatScenario(text)
        let again = try JSONDocument(parsing: formatted, options: .scenario).root.value
        try require(again.serialized() == value.serialized(), "the value changed")
        try require(try formatScenario(formatted) == formatted, "formatting twice gives another result")
        return true
    }
}
