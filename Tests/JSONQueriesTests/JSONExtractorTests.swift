import Testing
import TestSupport

@testable import JSONDocuments
@testable import JSONQueries

/// Compares the extractor with a parsed document, which it must agree with or leave the decision to.
@Suite struct JSONExtractorTests {
    private static let paths = [
        "$", "$.a", "$.b", "$.a.b", "$.a.a.a", "$.b[0]", "$.b[2]", "$.a[1].b", "$[0]", "$[1]", "$[0][0]", "$[0].a",
        "$['']",
        "$['é']", "$['a b']",
    ]

    /// The values at some paths: nil if the extractor gave up.
    private static func extracts(_ paths: [JSONPath], in text: [UInt8]) throws -> [JSONExtract]? {
        let extractor = JSONExtractor(try paths.map { try #require($0.steps) })
        var found = [JSONExtract](repeating: JSONExtract(), count: paths.count)
        return extractor.find(in: text.span, &found) ? found : nil
    }

    /// - Returns: whether the extractor did not give up.
    private static func compare(_ paths: [JSONPath], on text: [UInt8]) throws -> Bool {
        let found = try extracts(paths, in: text)
        let document = try? JSONDocument(parsing: text)
        guard let found else {
            let isJustified = document.map { hasEscapedName($0.root) } ?? true
            #expect(isJustified, "gave up on \(String(decoding: text, as: UTF8.self))")
            return false
        }
        guard let document else {
            Issue.record("accepted \(String(decoding: text, as: UTF8.self))")
            return true
        }
        for (path, extract) in zip(paths, found) {
            let place: Comment = "\(path) in \(String(decoding: text, as: UTF8.self))"
            guard let node = path.first(in: document.root) else {
                #expect(extract == JSONExtract(), place)
                continue
            }
            #expect(extract.kind == node.kind && extract.range == node.range && extract.count == node.count, place)
            #expect(extract.isPlainText == (node.entry.kind == .string) && extract.boolean == node.boolean, place)
            let isContainer = node.kind == .array || node.kind == .object
            let scalar = extract.scalar(in: text.span)
            #expect(scalar?.kind == (isContainer ? nil : node.kind), place)
            if let scalar { #expect(scalar == node, place) }
            if let integer = extract.integer(in: text.span) { #expect(node.number == JSONNumber(integer), place) }
        }
        return true
    }

    private static func hasEscapedName(_ node: JSONNode) -> Bool {
        node.members.contains { $0.key.entry.kind == .escapedString || hasEscapedName($0.value) }
            || node.elements.contains { hasEscapedName($0) }
    }

    @Test(
        "the last of several members with the same name counts, with everything in it",
        arguments: [
            (#"{"a":1,"a":2}"#, ["2", nil]), (#"{"a":{"b":1},"a":{}}"#, ["{}", nil]),
            (#"{"a":{"b":1},"a":{"b":2,"b":3}}"#, [#"{"b":2,"b":3}"#, "3"]), (#"{"a":{"b":1},"a":5}"#, ["5", nil]),
        ] as [(String, [String?])])
    func duplicates(text: String, values: [String?]) throws {
        let found = try #require(
            try Self.extracts([JSONPath(parsing: "$.a"), JSONPath(parsing: "$.a.b")], in: Array(text.utf8)))
        let written = found.map { extract in
            extract.isMissing ? nil : String(decoding: Array(text.utf8)[extract.range], as: UTF8.self)
        }
        #expect(written == values)
    }

    @Test(
        "it gives up on anything that is not exactly one JSON value",
        arguments: [
            "", " ", "{", "[1,]", "{\"a\":1,}", "{\"a\" 1}", "{a:1}", "[1 2]", "1 2", "01", "1.", "-", "tru", "truex",
            "nul",
            "\"\u{1}\"", "\"\\x\"", "\"", "[]]", "{\"a\":}", "{\"a\":1 \"b\":2}", "//", "[/**/]", "\u{FEFF}1",
            "{\"a\":[1}",
            String(repeating: "[", count: 513) + String(repeating: "]", count: 513),
        ])
    func invalid(text: String) throws {
        #expect(try Self.extracts([JSONPath(parsing: "$.a[0]")], in: Array(text.utf8)) == nil)
    }

    @Test("512 levels are not too deep, along a path or beside it", arguments: ["$", "$[0][0][0]", "$.a"])
    func depth(path: String) throws {
        let text = Array((String(repeating: "[", count: 512) + String(repeating: "]", count: 512)).utf8)
        #expect(try Self.extracts([JSONPath(parsing: path)], in: text) != nil)
        let member = "{\"a\":\(String(repeating: "[", count: 511))\(String(repeating: "]", count: 511))}"
        #expect(try Self.extracts([JSONPath(parsing: path)], in: Array(member.utf8)) != nil)
        let tooDeep = "{\"a\":\(String(repeating: "[", count: 512))\(String(repeating: "]", count: 512))}"
        #expect(try Self.extracts([JSONPath(parsing: path)], in: Array(tooDeep.utf8)) == nil)
    }

    @Test("random texts, valid or not, give what a document gives", arguments: [1, 2, 3, 4] as [UInt64])
    func random(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let all = try Self.paths.map { try JSONPath(parsing: $0) }
        var understood = 0
        for _ in 0..<5_000 {
            var text = Array(RandomText.value(depth: 4, using: &random).utf8)
            for _ in 0..<(Int.random(in: 0..<3, using: &random) == 0 ? Int.random(in: 1...3, using: &random) : 0) {
                RandomText.spoil(&text, using: &random)
            }
            let paths = Array(all.shuffled(using: &random).prefix(Int.random(in: 1...5, using: &random)))
            if try Self.compare(paths, on: text) { understood += 1 }
        }
        #expect(understood > 2_500)
    }
}

/// Random JSON texts with few different names, so that paths lead somewhere and names repeat.
private enum RandomText {
    private static let names = ["a", "a", "b", "b", "", "é", "a b", "c", #"\u0061"#, #"a\n"#]
    private static let numbers = [
        "0", "-0", "1", "-12", "1.0", "1e2", "1E-400", "123456789012345678", "9223372036854775807",
        "-9223372036854775808", "9223372036854775808", "99999999999999999999999",
    ]
    private static let strings = ["", "x", "cache", "é😀", #"\""#, #"\ud83d\ude00"#, #"\ud800"#, "[{,:]}", #"a\\b"#]
    private static let tokens = [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "0", "-", ".", "e", " ", "\n", "/", "t", "\u{0}", "é",
    ]

    static func value(depth: Int, using random: inout some RandomNumberGenerator) -> String {
        let space = ["", "", "", " ", "\n\t", "\r"].randomElement(using: &random) ?? ""
        let text: String
        switch Int.random(in: 0..<(depth > 0 ? 9 : 4), using: &random) {
        case 0: text = ["null", "true", "false"].randomElement(using: &random) ?? ""
        case 1, 2: text = numbers.randomElement(using: &random) ?? ""
        case 3: text = "\"\(strings.randomElement(using: &random) ?? "")\""
        case 4, 5:
            let elements = (0..<Int.random(in: 0...4, using: &random)).map { _ in
                value(depth: depth - 1, using: &random)
            }
            text = "[\(space)\(elements.joined(separator: ","))]"
        default:
            let members = (0..<Int.random(in: 0...4, using: &random)).map { _ in
                // Escapes in names are rare, because the extractor gives up on them.
                let count = Int.random(in: 0..<20, using: &random) == 0 ? names.count : names.count - 2
                return
                    "\(space)\"\(names[Int.random(in: 0..<count, using: &random)])\"\(space):\(value(depth: depth - 1, using: &random))"
            }
            text = "{\(space)\(members.joined(separator: ","))}"
        }
        return space + text + space
    }

    static func spoil(_ text: inout [UInt8], using random: inout some RandomNumberGenerator) {
        let place = Int.random(in: 0...text.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: text.insert(contentsOf: (tokens.randomElement(using: &random) ?? "").utf8, at: place)
        case 1: text.removeSubrange(place..<min(text.count, place + Int.random(in: 1...3, using: &random)))
        default: text.insert(.random(in: 0...255, using: &random), at: place)
        }
    }
}
