/// Parsing of the chunked transfer coding (RFC 9112 section 7.1).
extension ResponseParser {
    /// The longest line that gives a chunk's size, including extensions.
    private static var longestSizeLine: Int { 4096 }

    /// The limit for all bytes on the wire. Small chunks consist mostly of sizes, so it exceeds the body limit.
    private var wireLimit: Int { limits.body * 8 + limits.head }

    mutating func readChunks(_ bytes: RawSpan) throws(ResponseError) {
        while true {
            switch phase {
            case .chunkSize:
                let limit = mark + Self.longestSizeLine
                guard let line = try nextLine(bytes, limit: limit, past: .malformed(.chunkSize)) else { return }
                let size = try chunkSize(bytes, line)
                guard size <= limits.body - chunked, mark - bodyStart <= wireLimit else {
                    throw .bodyTooLarge(limit: limits.body)
                }
                chunked += size
                target = mark + size
                phase = size == 0 ? .trailers : .chunkData
            case .chunkData:
                guard bytes.byteCount >= target else { return }
                mark = target
                scanned = target
                phase = .chunkEnd
            case .chunkEnd:
                let limit = mark + 2
                guard let line = try nextLine(bytes, limit: limit, past: .malformed(.chunkEnd)) else { return }
                guard line.isEmpty else { throw .malformed(.chunkEnd) }
                phase = .chunkSize
            case .trailers:
                let limit = target + limits.head
                guard let line = try nextLine(bytes, limit: limit, past: .headTooLarge(limit: limits.head)) else {
                    return
                }
                if line.isEmpty {
                    target = mark
                    phase = .complete
                    return
                }
                guard bytes[byte: line.lowerBound].isBlank || bytes.firstIndex(of: .colon, in: line) != nil else {
                    throw .malformed(.trailer)
                }
            case .statusLine, .headers, .body, .complete:
                return
            }
        }
    }

    /// Parses hexadecimal digits, followed by nothing or by an extension, which is ignored.
    private func chunkSize(_ bytes: RawSpan, _ line: Range<Int>) throws(ResponseError) -> Int {
        var size = 0
        var index = line.lowerBound
        while index < line.upperBound, let digit = bytes[byte: index].hexadecimalDigit {
            guard size <= Int.max >> 5 else { throw .bodyTooLarge(limit: limits.body) }
            size = size << 4 | digit
            index += 1
        }
        guard index > line.lowerBound,
            index == line.upperBound || bytes[byte: index].isBlank || bytes[byte: index] == UInt8(ascii: ";")
        else { throw .malformed(.chunkSize) }
        return size
    }

    /// Removes the chunked coding from a body that has been parsed to its end.
    /// - Parameter body: the bytes from the first chunk's size to the end of the trailers.
    package static func decodingChunks(_ body: RawSpan) -> [UInt8] {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(body.byteCount)
        var offset = 0
        while let end = body.firstIndex(of: .lineFeed, in: offset..<body.byteCount) {
            var size = 0
            while let digit = body[byte: offset].hexadecimalDigit {
                size = size << 4 | digit
                offset += 1
            }
            guard size > 0, end + 1 + size <= body.byteCount else { break }
            body.withUnsafeBytes { decoded.append(contentsOf: $0[(end + 1)..<(end + 1 + size)]) }
            guard let next = body.firstIndex(of: .lineFeed, in: (end + 1 + size)..<body.byteCount) else { break }
            offset = next + 1
        }
        return decoded
    }
}
