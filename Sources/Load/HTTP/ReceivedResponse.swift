/// A whole response as it lies in a receive buffer, for the time of one call: offsets and the bytes they are into.
package struct ReceivedResponse: ~Copyable, ~Escapable {
    package let status: Int
    /// From the final status line to the body; interim responses are left out.
    package let head: RawSpan
    /// The body as it came over the wire, chunk sizes and trailers included.
    package let wireBody: RawSpan
    package let framing: ResponseParser.Framing
    /// Whether it is HTTP/1.0; else HTTP/1.1.
    package let isOldProtocol: Bool
    /// From the request's sending to the last byte.
    package let serviceTime: Nanoseconds

    /// - Parameters:
    ///   - bytes: the response from its first byte on.
    ///   - length: what the parser said the response takes of them.
    @_lifetime(copy bytes)
    package init(_ parser: ResponseParser, bytes: RawSpan, length: Int, serviceTime: Nanoseconds = 0) {
        isOldProtocol = parser.isOldProtocol
        self.serviceTime = serviceTime
        status = Int(parser.status)
        head = bytes.extracting(parser.headStart..<parser.bodyStart)
        wireBody = bytes.extracting(parser.bodyStart..<length)
        framing = parser.framing
    }

    /// The body without its transfer coding.
    package func body() -> [UInt8] {
        if framing == .chunked { return ResponseParser.decodingChunks(wireBody) }
        return wireBody.withUnsafeBytes { [UInt8]($0) }
    }

    /// The header fields in their order, names as they were sent, folded lines joined by a space.
    package func fields() -> [(name: String, value: String)] {
        var fields: [(name: String, value: String)] = []
        let lines = head.withUnsafeBytes { buffer in
            buffer.split(separator: UInt8.lineFeed, omittingEmptySubsequences: true)
                .dropFirst()
                .map { String(decoding: $0, as: UTF8.self) }
        }
        for line in lines {
            let text = line.drop { $0 == " " || $0 == "\t" }
            let content = text.trimmingBlanks()
            if line.first == " " || line.first == "\t", let last = fields.indices.last {
                fields[last].value += " " + content
            } else if let colon = content.firstIndex(of: ":") {
                fields.append(
                    (String(content[..<colon]), String(content[content.index(after: colon)...].trimmingBlanks())))
            }
        }
        return fields
    }
}

extension StringProtocol {
    /// Without the spaces, tabs and line ends around it.
    fileprivate func trimmingBlanks() -> SubSequence {
        var rest = self[...]
        while let first = rest.first, first.isBlank { rest.removeFirst() }
        while let last = rest.last, last.isBlank { rest.removeLast() }
        return rest
    }
}

extension Character {
    fileprivate var isBlank: Bool { self == " " || self == "\t" || self == "\r" || self == "\r\n" }
}
