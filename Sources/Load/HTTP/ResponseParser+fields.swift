/// The header fields that determine where a response ends and whether its connection persists, or that set cookies.
extension ResponseParser {
    mutating func readField(_ bytes: RawSpan, _ line: Range<Int>) throws(ResponseError) {
        let start = line.lowerBound
        let first = bytes[byte: start]
        if first.isBlank {
            // A folded line (section 5.2) continues the field before it. That is harmless unless the field affects
            // framing.
            guard !lastFieldFrames, !isFirstField(bytes, at: start) else { throw .malformed(.headerLine) }
            return
        }
        guard let colon = bytes.firstIndex(of: .colon, in: line), colon > start,
            bytes[byte: colon - 1].isTokenCharacter
        else { throw .malformed(.headerLine) }
        let name = start..<colon
        lastFieldFrames = false
        switch first.asciiLowercased {
        case UInt8(ascii: "c"):
            if bytes.equalsIgnoringCase(name, "content-length") {
                lastFieldFrames = true
                try readContentLength(bytes, (colon + 1)..<line.upperBound)
            } else if bytes.equalsIgnoringCase(name, "connection") {
                readConnection(bytes, (colon + 1)..<line.upperBound)
            }
        case UInt8(ascii: "s"):
            if bytes.equalsIgnoringCase(name, "set-cookie") { setsCookies = true }
        case UInt8(ascii: "t"):
            if bytes.equalsIgnoringCase(name, "transfer-encoding") {
                lastFieldFrames = true
                readTransferEncoding(bytes, (colon + 1)..<line.upperBound)
            }
        default:
            break
        }
    }

    private func isFirstField(_ bytes: RawSpan, at start: Int) -> Bool {
        bytes.firstIndex(of: .lineFeed, in: headStart..<start) == start - 1
    }

    /// RFC 9110 section 8.6. The same number may be repeated, in one line or several.
    private mutating func readContentLength(_ bytes: RawSpan, _ value: Range<Int>) throws(ResponseError) {
        var cursor = value.lowerBound
        while let element = Self.nextElement(bytes, &cursor, of: value) {
            var length = 0
            guard !element.isEmpty else { throw .malformed(.contentLength) }
            for index in element {
                guard let digit = bytes[byte: index].decimalDigit else { throw .malformed(.contentLength) }
                let (product, overflow) = length.multipliedReportingOverflow(by: 10)
                guard !overflow, product <= Int.max - digit else { throw .bodyTooLarge(limit: limits.body) }
                length = product + digit
            }
            guard declaredLength < 0 || declaredLength == length else { throw .malformed(.conflictingLengths) }
            declaredLength = length
        }
    }

    /// Section 6.3: chunked as the last coding frames the body and overrides a length. With any other coding the body
    /// lasts until the connection closes.
    private mutating func readTransferEncoding(_ bytes: RawSpan, _ value: Range<Int>) {
        var cursor = value.lowerBound
        while let element = Self.nextElement(bytes, &cursor, of: value) {
            guard !element.isEmpty else { continue }
            if bytes.equalsIgnoringCase(element, "chunked") {
                framing = .chunked
            } else if !bytes.equalsIgnoringCase(element, "identity") {
                framing = .untilClose
            }
        }
    }

    private mutating func readConnection(_ bytes: RawSpan, _ value: Range<Int>) {
        var cursor = value.lowerBound
        while let element = Self.nextElement(bytes, &cursor, of: value) {
            if bytes.equalsIgnoringCase(element, "close") {
                saysClose = true
            } else if bytes.equalsIgnoringCase(element, "keep-alive") {
                saysKeepAlive = true
            }
        }
    }

    /// The next element of a comma-separated list, without surrounding whitespace; nil at the end of the list.
    /// - Parameter cursor: where to continue; moved past the element and its comma.
    private static func nextElement(_ bytes: RawSpan, _ cursor: inout Int, of list: Range<Int>) -> Range<Int>? {
        guard cursor <= list.upperBound else { return nil }
        var start = cursor
        var end = bytes.firstIndex(of: .comma, in: start..<list.upperBound) ?? list.upperBound
        cursor = end + 1
        while start < end, bytes[byte: start].isBlank { start += 1 }
        while end > start, bytes[byte: end - 1].isBlank { end -= 1 }
        return start..<end
    }
}
