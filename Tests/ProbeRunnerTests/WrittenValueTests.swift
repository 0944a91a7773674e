import JSONDocuments
import Scenario
import Testing

@testable import ProbeRunner

struct WrittenValueTests {
    private static func request(_ target: String, _ body: String? = nil) -> Request {
        var request = Request(method: "PUT", target: target, headers: [])
        request.body = body.map { Array($0.utf8) }
        return request
    }

    @Test("the value that differs between two writes is found in body and path")
    func finds() throws {
        let body = try #require(
            WrittenValue(
                Self.request("/notes", #"{"text":"aaaa-1111","kind":"note"}"#),
                Self.request("/notes", #"{"text":"bbbb-2222","kind":"note"}"#)))
        #expect(body.value(in: Self.request("/notes", #"{"text":"cccc-3333","kind":"note"}"#)) == "cccc-3333")
        let path = try #require(WrittenValue(Self.request("/notes/aaaa-1111"), Self.request("/notes/bbbb-2222")))
        #expect(path.value(in: Self.request("/notes/cccc-3333")) == "cccc-3333")
    }

    @Test("of several values that differ, the longest is taken")
    func longest() throws {
        let value = try #require(
            WrittenValue(
                Self.request("/n?at=1700000001", #"{"text":"0123456789abcdef"}"#),
                Self.request("/n?at=1700000002", #"{"text":"fedcba9876543210"}"#)))
        #expect(
            value.value(in: Self.request("/n?at=1700000003", #"{"text":"aaaabbbbccccdddd"}"#)) == "aaaabbbbccccdddd")
    }

    @Test("equal writes and short values are not enough")
    func none() {
        #expect(WrittenValue(Self.request("/n", "same-text"), Self.request("/n", "same-text")) == nil)
        #expect(WrittenValue(Self.request("/n", "a1"), Self.request("/n", "a2")) == nil)
        #expect(WrittenValue(Self.request("/n", "one two"), Self.request("/n", "one two three")) == nil)
    }

    @Test("a body shows the values that it contains as whole words")
    func shown() {
        let body = ShownBody(
            Array(#"{"todos":["first-1","second-22"],"source":"cache"}"#.utf8), values: ["first-1": 1, "second-2": 2])
        #expect(body.shown == [1])
        #expect(body.markers == ["source": "cache"])
    }

    @Test("a hit and a miss with the same content have the same digest")
    func digest() {
        func digest(_ text: String) -> UInt64 { ShownBody(Array(text.utf8), values: [:]).digest }
        #expect(digest(#"{"source":"cache","text":"x"}"#) == digest(#"{"source":"db","text":"x"}"#))
        #expect(digest(#"{"source":"cache","text":"x"}"#) != digest(#"{"source":"cache","text":"y"}"#))
        #expect(digest("plain text") != digest("other text"))
    }
}
