import Testing

@testable import Load

/// The parser's result in a form that can be compared.
struct Parsed: Equatable {
    var status: Int
    var body: String
    /// The length of the response in bytes.
    var length: Int
    var keepsAlive: Bool
}

struct ParserCase: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var text: String
    var isBodiless = false
    /// Whether the connection ends after the text.
    var ends = false
    var limits = ResponseParser.Limits()
    var expected: Result<Parsed, ResponseError>?

    init(
        _ name: String, _ text: String, isBodiless: Bool = false, ends: Bool = false,
        limits: ResponseParser.Limits = .init(), is expected: Result<Parsed, ResponseError>?
    ) {
        self.testDescription = name
        self.text = text
        self.isBodiless = isBodiless
        self.ends = ends
        self.limits = limits
        self.expected = expected
    }

    /// Parses the text in growing prefixes that end at `cuts` and at its end. Nil if more bytes are needed.
    func parse(cuts: [Int]) -> Result<Parsed, ResponseError>? {
        let bytes = Array(text.utf8)
        var parser = ResponseParser(isBodiless: isBodiless, limits: limits)
        do {
            for cut in cuts + [bytes.count] {
                let piece = bytes.span.bytes.extracting(first: cut)
                if case .complete(let length) = try parser.advance(over: piece) {
                    return .success(describe(parser, bytes: bytes, length: length))
                }
            }
            guard ends else { return nil }
            if case .complete(let length) = try parser.finish(length: bytes.count) {
                return .success(describe(parser, bytes: bytes, length: length))
            }
            return nil
        } catch {
            return .failure(error)
        }
    }

    private func describe(_ parser: ResponseParser, bytes: [UInt8], length: Int) -> Parsed {
        let response = ReceivedResponse(parser, bytes: bytes.span.bytes, length: length)
        return Parsed(
            status: response.status, body: String(decoding: response.body(), as: UTF8.self), length: length,
            keepsAlive: parser.keepsAlive)
    }
}

extension Result where Success == Parsed, Failure == ResponseError {
    static func response(_ status: Int, _ body: String, length: Int, keepsAlive: Bool = true) -> Self {
        .success(Parsed(status: status, body: body, length: length, keepsAlive: keepsAlive))
    }

    static func malformed(_ malformation: ResponseError.Malformation) -> Self {
        .failure(.malformed(malformation))
    }
}
