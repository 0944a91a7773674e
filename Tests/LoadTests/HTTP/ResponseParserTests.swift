import Testing

@testable import Load

@Suite struct ResponseParserTests {
    @Test("the outcome does not depend on how the bytes are split", arguments: wellFormed + broken)
    func everySplit(_ example: ParserCase) {
        let count = example.text.utf8.count
        #expect(example.parse(cuts: []) == example.expected)
        #expect(example.parse(cuts: Array(0..<count)) == example.expected)
        for cut in 0..<count {
            #expect(example.parse(cuts: [cut]) == example.expected, "cut at \(cut)")
        }
        for first in stride(from: 0, to: count, by: 7) {
            for second in stride(from: first, to: count, by: 5) {
                #expect(example.parse(cuts: [first, second]) == example.expected, "cut at \(first), \(second)")
            }
        }
    }

    @Test("an incomplete response is truncated when its connection ends", arguments: wellFormed)
    func everyTruncation(_ example: ParserCase) throws {
        guard case .success(let parsed) = example.expected, !example.ends else { return }
        let bytes = Array(example.text.utf8)
        for count in 0..<parsed.length {
            var parser = ResponseParser(isBodiless: example.isBodiless)
            #expect(try parser.advance(over: bytes.span.bytes.extracting(first: count)) == .needsMore)
            #expect(throws: ResponseError.truncated(received: count)) { try parser.finish(length: count) }
        }
    }

    @Test("bytes after a response are left to the caller")
    func leavesRest() {
        let example = ParserCase(
            "two", "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nokHTTP/1.1 404", is: .response(200, "ok", length: 40))
        #expect(example.parse(cuts: []) == example.expected)
    }

    @Test("header fields are returned in order, with folded lines joined")
    func fields() throws {
        let text =
            "HTTP/1.1 100 Continue\r\nX: no\r\n\r\nHTTP/1.1 204 \r\nServer:a b \r\nX-Folded: one\r\n\t two\r\nY:\r\n\r\n"
        let bytes = Array(text.utf8)
        var parser = ResponseParser()
        #expect(try parser.advance(over: bytes.span.bytes) == .complete(length: bytes.count))
        let fields = ReceivedResponse(parser, bytes: bytes.span.bytes, length: bytes.count).fields()
        #expect(fields.map { "\($0.name)=\($0.value)" } == ["Server=a b", "X-Folded=one two", "Y="])
    }

    @Test("mutated responses have the same outcome whole and split")
    func mutations() {
        var random = SplitMix64(seed: 20)
        for _ in 0..<5_000 {
            var bytes = Array(Self.wellFormed.randomElement(using: &random)!.text.utf8)
            for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
                let position = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[position] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: position)
                default: bytes.insert(bytes[Int.random(in: 0..<bytes.count, using: &random)], at: position)
                }
            }
            let cut = Int.random(in: 0...bytes.count, using: &random)
            #expect(Self.outcome(bytes, cuts: [cut]) == Self.outcome(bytes, cuts: []))
        }
    }

    private static func outcome(_ bytes: [UInt8], cuts: [Int]) -> Result<Int, ResponseError> {
        var parser = ResponseParser()
        do {
            for cut in cuts + [bytes.count] {
                if case .complete(let length) = try parser.advance(over: bytes.span.bytes.extracting(first: cut)) {
                    let response = ReceivedResponse(parser, bytes: bytes.span.bytes, length: length)
                    _ = response.body()
                    _ = response.fields()
                    return .success(length)
                }
            }
            if case .complete = try parser.finish(length: bytes.count) { return .success(-1) }
            return .success(-2)
        } catch {
            return .failure(error)
        }
    }
}
