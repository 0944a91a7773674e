/// A complete response in a receive buffer: offsets into the bytes, valid for the duration of one call.
package struct ReceivedResponse: ~Copyable, ~Escapable {
    package let status: Int
    /// From the final status line to the body. Interim responses are excluded.
    package let head: RawSpan
    /// The body as received on the wire, including chunk sizes and trailers.
    package let wireBody: RawSpan
    package let framing: ResponseParser.Framing
    /// Whether it is HTTP/1.0 rather than HTTP/1.1.
    package let isOldProtocol: Bool
    /// From sending the request to receiving the last byte.
    package let serviceTime: Nanoseconds

    /// - Parameters:
    ///   - bytes: the response, starting at its first byte.
    ///   - length: the length of the response as the parser reported it.
    @_lifetime(copy bytes)
    package init(_ parser: ResponseParser, bytes: RawSpan, length: Int, serviceTime: Nanoseconds = 0) {
        isOldProtocol = parser.isOldProtocol
        self.serviceTime = serviceTime
        status = Int(parser.status)
        head = bytes.extracting(parser.headStart..<parser.bodyStart)
        wireBody = bytes.extracting(parser.bodyStart..<length)
        framing = parser.framing
    }

    /// The body with the transfer coding removed.
    package func body() -> [UInt8] {
        if framing == .chunked { return ResponseParser.decodingChunks(wireBody) }
        return wireBody.withUnsafeBytes { [UInt8]($0) }
    }

    /// The header fields in order, names as received, folded lines joined by a space.
    /// - Parameter interest: the fields to return; nil for all.
    package func fields(_ interest: HeaderInterest? = nil) -> [(name: String, value: String)] {
        var fields: [(name: String, value: String)] = []
        var isWanted = false
        guard var start = head.firstIndex(of: .lineFeed, in: 0..<head.byteCount).map({ $0 + 1 }) else { return [] }
        while let end = head.firstIndex(of: .lineFeed, in: start..<head.byteCount) {
            let line = start..<end
            start = end + 1
            let content = head.trimmingBlanks(line)
            if content.isEmpty { continue }
            if head[byte: line.lowerBound].isBlank {
                if isWanted, let last = fields.indices.last { fields[last].value += " " + head.text(content) }
            } else if let colon = head.firstIndex(of: .colon, in: content) {
                isWanted = interest.map { $0.names(head, line) } ?? true
                guard isWanted else { continue }
                let value = head.trimmingBlanks((colon + 1)..<content.upperBound)
                fields.append((head.text(content.lowerBound..<colon), head.text(value)))
            }
        }
        return fields
    }
}

/// A header field looked up by its name.
enum SoleField {
    case missing
    /// Where its value is.
    case one(Range<Int>)
    /// It occurs more than once, or continues on another line.
    case several
}

extension RawSpan {
    /// Looks up a field in a response's head.
    /// - Parameter name: in lower case.
    func soleField(named name: String) -> SoleField {
        var field = SoleField.missing
        var isWanted = false
        guard var start = firstIndex(of: .lineFeed, in: 0..<byteCount).map({ $0 + 1 }) else { return field }
        while let end = firstIndex(of: .lineFeed, in: start..<byteCount) {
            let line = start..<end
            start = end + 1
            let content = trimmingBlanks(line)
            if content.isEmpty { continue }
            if self[byte: line.lowerBound].isBlank {
                if isWanted { return .several }
                continue
            }
            isWanted = isField(line, named: name)
            guard isWanted else { continue }
            guard case .missing = field else { return .several }
            field = .one(trimmingBlanks(line.lowerBound + name.utf8.count + 1..<content.upperBound))
        }
        return field
    }

    private func isField(_ line: Range<Int>, named name: String) -> Bool {
        let length = name.utf8.count
        guard line.count > length, self[byte: line.lowerBound + length] == .colon else { return false }
        var offset = line.lowerBound
        for byte in name.utf8 {
            guard self[byte: offset].asciiLowercased == byte else { return false }
            offset += 1
        }
        return true
    }

    /// The range without surrounding spaces, tabs and trailing carriage returns.
    fileprivate func trimmingBlanks(_ range: Range<Int>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, self[byte: start].isBlank { start += 1 }
        while end > start, self[byte: end - 1].isBlank || self[byte: end - 1] == .carriageReturn { end -= 1 }
        return start..<end
    }

    /// Decodes UTF-8; invalid bytes become U+FFFD.
    fileprivate func text(_ range: Range<Int>) -> String {
        withUnsafeBytes { String(decoding: $0[range], as: UTF8.self) }
    }
}
