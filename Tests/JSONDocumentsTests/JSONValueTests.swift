import Testing

@testable import JSONDocuments

@Suite struct JSONValueTests {
    @Test("each value has the name of its type")
    func typeNames() {
        let values: [JSON] = [nil, true, 1, "a", [], [:]]
        #expect(values.map(\.typeName) == ["null", "boolean", "number", "string", "array", "object"])
    }

    @Test("objects are equal regardless of order, and types are distinct")
    func equalityIsThatOfJSON() {
        let value: JSON = ["a": 1, "b": [true, nil, "x"]]
        let same: JSON = ["b": [true, nil, "x"], "a": 1.0]
        #expect(value == same)
        #expect(value.hashValue == same.hashValue)
        #expect(value != ["a": 1])
        #expect(value != ["a": 1, "b": [nil, true, "x"]])
        #expect(value != ["a": 1, "c": [true, nil, "x"]])
        #expect(JSON.boolean(true) != 1)
        #expect(JSON.string("1") != 1)
        #expect(JSON.null != false)
    }

    /// They look the same as text but differ as JSON.
    @Test("strings are compared by scalars")
    func stringsAreComparedByTheirScalars() {
        let (composed, decomposed) = ("\u{E9}", "e\u{301}")
        #expect(JSON.string(composed) != JSON.string(decomposed))
        let object = JSONObject([(composed, 1), (decomposed, 2)] as [(String, JSON)])
        #expect(object.count == 2)
        #expect(object[composed] == 1)
        #expect(object[decomposed] == 2)
    }

    @Test("an object keeps the order of its members")
    func objectKeepsOrder() {
        var object: JSONObject = ["z": 1, "a": 2, "m": 3]
        object["b"] = 4
        object["a"] = 5
        object["z"] = nil
        #expect(object.keys == ["a", "m", "b"])
        #expect(object.map(\.value) == [5, 3, 4])
        #expect(object["z"] == nil)
    }

    @Test("the last of several equal keys wins")
    func lastOfEqualNamesWins() {
        let object: JSONObject = ["a": 1, "b": 2, "a": 3]
        #expect(object.keys == ["a", "b"])
        #expect(object["a"] == 3)
    }

    @Test("a value is serialized compactly or indented")
    func serialized() {
        let value: JSON = ["a": [1, 2.5, [], [:]], "b\"\\\u{1}\u{1F}\n\t/é\u{2028}": nil, "c": ["d": false]]
        #expect(
            value.serialized()
                == "{\"a\":[1,2.5,[],{}],\"b\\\"\\\\\\u0001\\u001f\\n\\t/é\u{2028}\":null,\"c\":{\"d\":false}}")
        #expect(
            (["a": [1, []], "b": [:]] as JSON).serialized(indent: 2)
                == "{\n  \"a\": [\n    1,\n    []\n  ],\n  \"b\": {}\n}")
    }

    @Test("members of large objects are found quickly")
    func bigObjectsAreSearchedFast() {
        let object = JSONObject((0..<20_000).map { ("key\($0)", .number(JSONNumber($0))) })
        let found = (0..<20_000).allSatisfy { object["key\($0)"] == .number(JSONNumber($0)) }
        #expect(found)
        #expect(object == JSONObject(object.reversed().map { ($0.key, $0.value) }))
    }
}
