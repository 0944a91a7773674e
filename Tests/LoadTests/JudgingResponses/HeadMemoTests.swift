import Testing

@testable import Load

@Suite struct HeadMemoTests {
    static let first = head(date: "Sun, 06 Nov 1994 08:49:37 GMT")

    static func head(date: String, status: String = "200 OK", length: Int = 2) -> String {
        "HTTP/1.1 \(status)\r\nServer: s\r\nDate: \(date)\r\nX-A: 1\r\nContent-Length: \(length)\r\n\r\n"
    }

    /// Parses a response's head and adds it to the memo.
    private func teach(_ memo: inout HeadMemo, _ text: String, step: Int = 0, interest: [String] = []) throws -> Int? {
        let bytes = Array(text.utf8)
        var parser = ResponseParser()
        try parser.advanceHead(over: bytes.span.bytes)
        return bytes.withUnsafeBytes { bytes in
            HeaderInterest(interest).names.withUnsafeBytes { names in
                memo.remember(step: step, parser: parser, in: bytes, interest: names)
            }
        }
    }

    private func find(_ memo: inout HeadMemo, _ text: String, step: Int = 0) -> Int? {
        Array(text.utf8).withUnsafeBytes { memo.find(step: step, in: $0) }
    }

    @Test("a head is recognised whatever its date, and the parser continues after it")
    func recognises() throws {
        var memo = HeadMemo()
        let entry = try #require(try teach(&memo, Self.first, interest: ["x-a"]))
        let second = Self.head(date: "Mon, 07 Nov 1994 09:00:00 GMT") + "ok"
        #expect(find(&memo, second) == entry)
        #expect(memo.relevant(entry).elementsEqual("X-A: 1\r\n".utf8))
        var parser = memo.parser(entry)
        let bytes = Array(second.utf8)
        #expect(try parser.advance(over: bytes.span.bytes) == .complete(length: bytes.count))
        #expect(parser.status == 200)
    }

    @Test(
        "a head that differs in anything but the date is not recognised",
        arguments: [
            head(date: "Sun, 06 Nov 1994 08:49:37 GMT", status: "201 OK"),
            head(date: "Sun, 06 Nov 1994 08:49:37 GMT", length: 3),
            first.replacing("X-A: 1", with: "X-A: 2"),
            String(first.dropLast()),
            head(date: "Sun, 6 Nov 1994 08:49:37 GMT"),
            // As long as a date, but it ends the field and begins another.
            head(date: "Sun\r\nContent-Length: 9\r\nA: b1"),
            head(date: "Sun, 06 Nov 1994\u{0}08:49:37 GMT"),
        ])
    func distinguishes(_ other: String) throws {
        var memo = HeadMemo()
        _ = try #require(try teach(&memo, Self.first))
        #expect(find(&memo, other + "ok") == nil)
    }

    @Test("heads are remembered for each step, and the oldest is evicted")
    func bounded() throws {
        var memo = HeadMemo()
        _ = try #require(try teach(&memo, Self.first, step: 1))
        #expect(find(&memo, Self.first) == nil)
        #expect(find(&memo, Self.first, step: 1) != nil)
        for length in 10..<14 { _ = try teach(&memo, Self.head(date: "now", length: length)) }
        #expect(find(&memo, Self.first, step: 1) == nil)
        for length in 10..<14 { #expect(find(&memo, Self.head(date: "now", length: length)) != nil) }
    }

    @Test("a head that is very long or has a checked date is not remembered")
    func excluded() throws {
        var memo = HeadMemo()
        #expect(try teach(&memo, Self.first, interest: ["Date"]) == nil)
        #expect(find(&memo, Self.first) == nil)
        let long = Self.first.replacing("X-A: 1", with: "X-A: \(String(repeating: "1", count: 3000))")
        #expect(try teach(&memo, long) == nil)
        #expect(find(&memo, long) == nil)
    }
}
