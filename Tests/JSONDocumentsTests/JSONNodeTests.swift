import Testing

@testable import JSONDocuments

@Suite struct JSONNodeTests {
    private func root(_ text: String, options: JSONParsingOptions = .strict) throws -> JSONNode {
        try JSONDocument(parsing: Array(text.utf8), options: options).root
    }

    @Test("members and elements are found by key and index")
    func navigation() throws {
        let root = try root(#"{"source":"cache","todos":[{"id":1,"title":"a\nb","done":false},[],null,2.5]}"#)
        #expect(root.kind == .object)
        #expect(root.count == 2)
        #expect(root["source"]?.string == "cache")
        #expect(root["missing"] == nil)
        #expect(root[0] == nil)
        let todos = try #require(root["todos"])
        #expect(todos.count == 4)
        #expect(todos[0]?["title"]?.string == "a\nb")
        #expect(todos[0]?["id"]?.number?.int == 1)
        #expect(todos[0]?["done"]?.boolean == false)
        #expect(todos[1]?.count == 0)
        #expect(todos[2]?.isNull == true)
        #expect(todos[3]?.number?.double == 2.5)
        #expect(todos[4] == nil)
        #expect(todos[-1] == nil)
        #expect(todos["a"] == nil)
        #expect(todos.elements.map(\.typeName) == ["object", "array", "null", "number"])
        #expect(todos[0]?.members.map { $0.key.string } == ["id", "title", "done"])
        #expect(todos.members.map { $0.value }.isEmpty)
        #expect(root.elements.map { $0 }.isEmpty)
        #expect(todos[3]?.string == nil)
        #expect(todos[3]?.boolean == nil)
        #expect(root["source"]?.number == nil)
        #expect(root["source"]?.count == 0)
    }

    @Test("a node's range covers its source text")
    func ranges() throws {
        let text = " { \"a\" : [ 1 , \"é\" ] , \"b\" : true } "
        let root = try root(text)
        func source(_ node: JSONNode?) -> String? {
            node.map { String(decoding: root.document.bytes[$0.range], as: UTF8.self) }
        }
        #expect(source(root) == text.trimmed)
        #expect(source(root["a"]) == "[ 1 , \"é\" ]")
        #expect(source(root["a"]?[1]) == "\"é\"")
        #expect(source(root["b"]) == "true")
        #expect(root.members.map { source($0.key) } == ["\"a\"", "\"b\""])
    }

    @Test("escapes in keys and strings are decoded")
    func escapes() throws {
        let root = try root(#"{"\u0061\n":"\"\\\/\b\f\n\r\t\u00e9\uD834\udd1e\u0000"}"#)
        #expect(root["a\n"]?.string == "\"\\/\u{8}\u{C}\n\r\t\u{E9}\u{1D11E}\u{0}")
    }

    @Test("a lone surrogate decodes to the replacement character")
    func halfOfASurrogatePairReadsAsReplacement() throws {
        #expect(try root(#""\uD834""#).string == "\u{FFFD}")
        #expect(try root(#""a\uDD1E\uD834b""#).string == "a\u{FFFD}\u{FFFD}b")
        #expect(try root(#""\uD834\uD834\uDD1E""#).string == "\u{FFFD}\u{1D11E}")
        #expect(try root(#""\uD834\u0041""#).string == "\u{FFFD}A")
    }

    @Test("the last of several members with the same key is found")
    func lastOfDuplicatesIsFound() throws {
        let root = try root(#"{"a":1,"b":2,"\u0061":3}"#)
        #expect(root["a"]?.number == JSONNumber(3))
        #expect(root.count == 3)
        #expect(root.value == ["a": 3, "b": 2])
    }

    @Test("nodes and values are equal if their JSON values are")
    func equalityIsByValue() throws {
        let text = #"{"a":[1,"x",{"b":null,"c":[]}],"d":"\u0061"}"#
        let same = try root(#"{ "d" : "a", "a" : [ 1.0, "\u0078", { "c": [], "b": null } ] }"#)
        let value: JSON = ["a": [1, "x", ["b": nil, "c": []]], "d": "a"]
        #expect(try root(text) == same)
        #expect(try root(text) == value)
        #expect(value == same)
        #expect(same.value == value)
        for other in ["{}", "[]", "1", #"{"a":[1,"x",{"b":null,"c":[1]}],"d":"a"}"#, "null"] {
            #expect(try root(other) != same)
            #expect(try root(other) != value)
        }
        #expect(try root("[1,2]") != root("[1]"))
        #expect(try root("[1]") != ([1, 2] as JSON))
        #expect(try root("1") != "" && root("1") != "1" && root("true") != "true")
        #expect(try root("\"\u{E9}\"") != root("\"e\u{301}\""))
    }
}

extension String {
    fileprivate var trimmed: String { String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
}
