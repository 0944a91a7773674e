/// An incremental parser of HTTP/1.1 responses (RFC 9112): a pure value that owns no bytes.
///
/// The caller keeps the bytes of one response, starting at its first byte, and calls ``advance(over:)`` whenever more
/// arrive. The parser remembers its position, so no byte is examined twice however the bytes were split. It copies
/// nothing: a complete response is described by offsets into the caller's bytes.
package struct ResponseParser: Sendable {
    package enum Progress: Equatable, Sendable {
        case needsMore
        /// The response is complete and takes this many bytes, including interim (1xx) responses before it.
        case complete(length: Int)
    }

    /// How the end of the body is determined (RFC 9112 section 6.3).
    package enum Framing: UInt8, Sendable {
        case none, contentLength, chunked, untilClose
    }

    package struct Limits: Sendable {
        /// Bytes of status line and headers, including interim responses. Trailers have the same limit.
        package var head = 64 * 1024
        /// Bytes of the body without its transfer coding.
        package var body = 64 * 1024 * 1024

        package init() {}
    }

    enum Phase: UInt8 { case statusLine, headers, body, chunkSize, chunkData, chunkEnd, trailers, complete }

    package let limits: Limits
    var phase = Phase.statusLine
    /// Whether the request's method means that the response has no body (HEAD).
    var isBodiless: Bool
    /// Whether the response is HTTP/1.0 rather than HTTP/1.1.
    package private(set) var isOldProtocol = false
    var saysClose = false
    var saysKeepAlive = false
    /// Whether there is a Set-Cookie field.
    var setsCookies = false
    var lastFieldFrames = false

    /// Offset of the final status line, after any interim responses.
    package private(set) var headStart = 0
    /// Offset of the end of the final head, just past its empty line, where the body starts.
    package var bodyStart = 0
    package var status: UInt16 = 0
    package var framing = Framing.none

    /// Offset of the line or chunk being read.
    var mark = 0
    /// Offset up to which the bytes are known not to contain the end of that line.
    var scanned = 0
    /// Declared length of the body, or -1.
    var declaredLength = -1
    /// Offset at which the body, or the chunk being read, ends.
    var target = 0
    /// Total size of the chunks so far.
    var chunked = 0

    /// - Parameter isBodiless: true for a response to HEAD.
    package init(isBodiless: Bool = false, limits: Limits = Limits()) {
        self.isBodiless = isBodiless
        self.limits = limits
    }

    /// Whether the connection can carry another request (RFC 9112 section 9.3). Valid once the head is complete.
    package var keepsAlive: Bool {
        framing != .untilClose && !saysClose && (!isOldProtocol || saysKeepAlive)
    }

    /// Everything in the status line that checks can ask about, as one number.
    var statusAndVersion: UInt16 { isOldProtocol ? status | 0x8000 : status }

    /// Whether no byte has been examined yet.
    var isFresh: Bool { scanned == 0 }

    /// Whether the head is complete, and with it status and framing.
    var hasHead: Bool { phase != .statusLine && phase != .headers }

    /// The minimum length of the response, from what is known so far.
    package var expectedLength: Int { max(target, scanned) }

    /// Parses the bytes received since the last call.
    /// - Parameter bytes: everything received so far, starting at the response's first byte.
    package mutating func advance(over bytes: RawSpan) throws(ResponseError) -> Progress {
        try advanceHead(over: bytes)
        switch phase {
        case .statusLine, .headers:
            return .needsMore
        case .body:
            if framing == .untilClose {
                guard bytes.byteCount - bodyStart <= limits.body else { throw .bodyTooLarge(limit: limits.body) }
                return .needsMore
            }
            guard bytes.byteCount >= target else { return .needsMore }
            phase = .complete
            return .complete(length: target)
        case .chunkSize, .chunkData, .chunkEnd, .trailers:
            try readChunks(bytes)
            return phase == .complete ? .complete(length: target) : .needsMore
        case .complete:
            return .complete(length: target)
        }
    }

    /// Handles the end of the connection. It completes a response that lasts until then; any other is truncated.
    /// - Parameter length: the number of bytes received of the response.
    package mutating func finish(length: Int) throws(ResponseError) -> Progress {
        guard phase == .body, framing == .untilClose else { throw .truncated(received: length) }
        phase = .complete
        target = length
        return .complete(length: length)
    }

    // MARK: Head

    /// Parses the head as far as it has been received, and nothing after it.
    mutating func advanceHead(over bytes: RawSpan) throws(ResponseError) {
        while phase == .statusLine || phase == .headers {
            guard let line = try nextLine(bytes, limit: limits.head, past: .headTooLarge(limit: limits.head)) else {
                return
            }
            if phase == .statusLine {
                try readStatusLine(bytes, line)
                phase = .headers
            } else if line.isEmpty {
                try endHead(bytes)
            } else {
                try readField(bytes, line)
            }
        }
    }

    /// The next line without its line end, or nil if it is incomplete. Accepts a bare LF as a line end and rejects a
    /// bare CR (section 2.2).
    mutating func nextLine(
        _ bytes: RawSpan, limit: Int, past error: ResponseError
    ) throws(ResponseError) -> Range<Int>? {
        guard let end = bytes.firstIndex(of: .lineFeed, in: scanned..<bytes.byteCount) else {
            scanned = bytes.byteCount
            guard bytes.byteCount <= limit else { throw error }
            // A peer that speaks another protocol is detected before its first line ends.
            if phase == .statusLine { try requireProtocolName(bytes) }
            return nil
        }
        guard end < limit else { throw error }
        let start = mark
        mark = end + 1
        scanned = mark
        let line = start..<(end > start && bytes[byte: end - 1] == .carriageReturn ? end - 1 : end)
        guard bytes.firstIndex(of: .carriageReturn, in: line) == nil else {
            throw .malformed(phase == .statusLine ? .statusLine : .bareCarriageReturn)
        }
        return line
    }

    private func requireProtocolName(_ bytes: RawSpan) throws(ResponseError) {
        let name: StaticString = "HTTP/1."
        var index = 0
        while index < name.utf8CodeUnitCount, mark + index < bytes.byteCount {
            guard bytes[byte: mark + index] == name.utf8Start[index] else { throw .malformed(.statusLine) }
            index += 1
        }
    }

    /// Parses a status line such as `HTTP/1.1 200 OK` (RFC 9112 section 4). The reason may be missing, with or without
    /// the space before it.
    private mutating func readStatusLine(_ bytes: RawSpan, _ line: Range<Int>) throws(ResponseError) {
        let start = line.lowerBound
        headStart = start
        guard line.count >= 12 else { throw .malformed(.statusLine) }
        guard bytes.unsafeLoadUnaligned(fromByteOffset: start, as: UInt64.self) & ~(1 << 56) == Self.http10,
            bytes[byte: start + 8] == .space,
            line.count == 12 || bytes[byte: start + 12] == .space,
            let hundreds = bytes[byte: start + 9].decimalDigit, hundreds > 0,
            let tens = bytes[byte: start + 10].decimalDigit,
            let ones = bytes[byte: start + 11].decimalDigit
        else { throw .malformed(.statusLine) }
        isOldProtocol = bytes[byte: start + 7] == UInt8(ascii: "0")
        status = UInt16(hundreds * 100 + tens * 10 + ones)
    }

    /// "HTTP/1.0" as a little-endian word. "HTTP/1.1" differs only in the lowest bit of its last byte.
    private static var http10: UInt64 { 0x302E_312F_5054_5448 }

    private mutating func endHead(_ bytes: RawSpan) throws(ResponseError) {
        guard bytes.firstIndex(of: 0, in: headStart..<mark) == nil else { throw .malformed(.nulByte) }
        if status < 200 {
            // Interim; the final response follows. RFC 9110 section 15.2.2: 101 is only sent after an Upgrade request.
            guard status != 101 else { throw .malformed(.upgrade) }
            phase = .statusLine
            framing = .none
            declaredLength = -1
            saysClose = false
            saysKeepAlive = false
            setsCookies = false
            lastFieldFrames = false
            return
        }
        bodyStart = mark
        target = mark
        if isBodiless || status == 204 || status == 304 {
            framing = .none
            phase = .body
        } else if framing == .chunked {
            // Section 6.1: chunked together with a length, or in HTTP/1.0, makes the framing suspect. The connection is
            // not reused.
            if declaredLength >= 0 || isOldProtocol { saysClose = true }
            phase = .chunkSize
        } else if framing == .untilClose {
            phase = .body
        } else if declaredLength >= 0 {
            guard declaredLength <= limits.body else { throw .bodyTooLarge(limit: limits.body) }
            framing = .contentLength
            target = mark + declaredLength
            phase = .body
        } else {
            framing = .untilClose
            phase = .body
        }
    }
}
