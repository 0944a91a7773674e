import Scenario

struct JSONTarget: FuzzTarget {
    let corpus = [
        #"{"source":"cache","todos":[{"id":1,"title":"milk","completed":false}]}"#,
        #"[0,-1.5e+10,1E400,"a\u00e9\uD834\uDD1E\n"]"#,
        "[[[[]]]]", #"{"a":{"b":{"c":{}}},"":null}"#, "{ \"a\" : [ true , false ] , // b\n /* c */ \"é€😀\" : 1.0, }",
        "\"\\\"\"", "-0",
    ]
    let tokens = [
        "[", "]", "{", "}", ":", ",", "\"", "\\", "\\u", "\\uD834", "\\uDD1E", "0", "-", "1e", "9999999999", ".",
        "true", "null", "//", "/*", "*/",
        "\n", "\r", " ", "\t", "\u{0}", "\u{FEFF}", "é", "😀", "\"a\":", "[{\"a\":", "{\"a\":1,\"a\":2}",
    ]
    let maximumLength = 65_536

    func check(_ text: [UInt8]) throws -> Bool {
        let strict = try parse(text, .strict)
        let lenient = try parse(text, .scenario)
        switch (strict, lenient) {
        case (.failure, .failure): return false
        case (.success(let root), .failure(let error)):
            try require(
                [.duplicateKey, .loneSurrogate].contains(error.code), "strict accepts, lenient says \(error.code)")
            try checkValue(root)
        case (.failure(let error), .success(let root)):
            try require([.comment, .trailingComma].contains(error.code), "lenient accepts, strict says \(error.code)")
            try checkValue(root)
        case (.success(let root), .success(let other)):
            try require(root == other, "strict and lenient differ")
            try checkValue(root)
        }
        return true
    }

    private func parse(_ text: [UInt8], _ options: JSONParsingOptions) throws -> Result<JSONNode, JSONSyntaxError> {
        do throws(JSONSyntaxError) {
            return .success(try JSONDocument(parsing: text, options: options).root)
        } catch {
            try require(error.range.upperBound <= text.count, "the error is outside the text")
            return .failure(error)
        }
    }

    /// A value survives serializing and parsing.
    private func checkValue(_ root: JSONNode) throws {
        let value = root.value
        try require(root == value, "a node and its value differ")
        for text in [value.serialized(), value.serialized(indent: 2)] {
            guard let again = try? JSONDocument(parsing: Array(text.utf8), options: .scenario).root.value else {
                throw Broken("the serialized value cannot be parsed")
            }
            try require(again == value, "the parsed value differs")
            try require(again.hashValue == value.hashValue, "equal values have different hashes")
            try require(again.serialized() == value.serialized(), "serializing twice gives another result")
        }
    }
}
