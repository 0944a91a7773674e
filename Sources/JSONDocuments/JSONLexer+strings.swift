extension JSONLexer {
    /// The end of a string, after its closing quote (RFC 8259, section 7), and whether it has escapes.
    @inline(__always)
    func stringEnd(from start: Int) throws(JSONSyntaxError) -> (end: Int, isEscaped: Bool) {
        var isEscaped = false
        var end = start + 1
        while true {
            end = plainEnd(from: end)
            guard end < bytes.count else {
                throw JSONSyntaxError(
                    .unterminatedString, "this string is not closed", range: start..<start + 1,
                    hint: "add a closing quote")
            }
            switch bytes[end] {
            case UInt8(ascii: "\""):
                return (end + 1, isEscaped)
            case UInt8(ascii: "\\"):
                isEscaped = true
                end = try escapeEnd(at: end)
            case 0x80...: end = try scalarEnd(at: end)
            default: throw controlCharacter(at: end, inStringAt: start)
            }
        }
    }

    /// The position of the next byte that is not plain ASCII: a quote, a backslash, a control character, or above 0x7F.
    @inline(__always)
    private func plainEnd(from start: Int) -> Int {
        var end = start
        // Eight bytes at a time. Subtracting a limit sets the top bit of every byte below it. A borrow affects only
        // bytes after the first one found.
        while bytes.count - end >= 8 {
            let word = bytes.bytes.unsafeLoadUnaligned(fromByteOffset: end, as: UInt64.self).littleEndian
            let ones: UInt64 = 0x0101_0101_0101_0101
            let control = word &- (ones &* 0x20)
            let quote = (word ^ (ones &* 0x22)) &- ones
            let backslash = (word ^ (ones &* 0x5C)) &- ones
            let found = (word | control | quote | backslash) & (ones &* 0x80)
            if found != 0 { return end + found.trailingZeroBitCount / 8 }
            end += 8
        }
        while end < bytes.count {
            let byte = bytes[end]
            if byte < 0x20 || byte >= 0x80 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { break }
            end += 1
        }
        return end
    }

    /// The end of the UTF-8 sequence that starts here.
    func scalarEnd(at start: Int) throws(JSONSyntaxError) -> Int {
        guard bytes[start] >= 0x80 else { return start + 1 }
        let length = UTF8Sequence.length(bytes, at: start)
        guard length > 0 else { throw invalidUTF8(at: start) }
        return start + length
    }

    private func escapeEnd(at start: Int) throws(JSONSyntaxError) -> Int {
        switch byte(at: start + 1) {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return start + 2
        case UInt8(ascii: "u"):
            guard let unit = JSONStringSyntax.codeUnit(bytes, at: start) else { throw invalidEscape(at: start) }
            guard options.refusesLoneSurrogates, UTF16.isSurrogate(unit) else { return start + 6 }
            guard UTF16.isLeadSurrogate(unit), let trail = JSONStringSyntax.codeUnit(bytes, at: start + 6),
                UTF16.isTrailSurrogate(trail)
            else { throw loneSurrogate(at: start) }
            return start + 12
        default: throw invalidEscape(at: start)
        }
    }
}
