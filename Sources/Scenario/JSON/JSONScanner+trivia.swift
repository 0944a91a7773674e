extension JSONScanner {
    /// The byte at hand, or zero at the end: a byte that has no place outside strings, nor unescaped in them.
    @inline(__always)
    var current: UInt8 { byte(at: position) }

    @inline(__always)
    func byte(at position: Int) -> UInt8 { position < bytes.count ? bytes[position] : 0 }

    func has(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard bytes.count - position >= count else { return false }
        for offset in 0..<count where bytes[position + offset] != text.utf8Start[offset] { return false }
        return true
    }

    /// Whether the byte may continue a bare word or a number.
    func isWordByte(at position: Int) -> Bool {
        switch byte(at: position) {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"), 0x80...0xFF: true
        default: false
        }
    }

    /// Skips whitespace (RFC 8259, section 2) and, where they are allowed, comments.
    @inline(__always)
    mutating func skipTrivia() throws(JSONSyntaxError) {
        if current <= UInt8(ascii: " ") || current == UInt8(ascii: "/") { try skipTriviaAtHand() }
    }

    private mutating func skipTriviaAtHand() throws(JSONSyntaxError) {
        while true {
            switch current {
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): position += 1
            case UInt8(ascii: "/"):
                switch byte(at: position + 1) {
                case UInt8(ascii: "/"): try skipLineComment()
                case UInt8(ascii: "*"): try skipBlockComment()
                default: return
                }
            default: return
            }
        }
    }

    private mutating func skipLineComment() throws(JSONSyntaxError) {
        guard options.allowsComments else { throw commentNotAllowed() }
        while position < bytes.count, current != UInt8(ascii: "\n"), current != UInt8(ascii: "\r") { try skipScalar() }
    }

    private mutating func skipBlockComment() throws(JSONSyntaxError) {
        guard options.allowsComments else { throw commentNotAllowed() }
        let start = position
        position += 2
        while !has("*/") {
            guard position < bytes.count else {
                throw JSONSyntaxError(
                    .unterminatedComment, "this comment is not closed", range: start..<start + 2,
                    hint: "close it with */")
            }
            try skipScalar()
        }
        position += 2
    }

    private mutating func skipScalar() throws(JSONSyntaxError) {
        if current < 0x80 { position += 1 } else { position = try scalarEnd(at: position) }
    }

    /// RFC 8259, section 8.1: a text that is sent has no byte order mark.
    func refuseByteOrderMark() throws(JSONSyntaxError) {
        let (first, second, third) = (byte(at: 0), byte(at: 1), byte(at: 2))
        if first == 0xEF, second == 0xBB, third == 0xBF {
            throw JSONSyntaxError(
                .byteOrderMark, "the text begins with a byte order mark", range: 0..<3,
                hint: "write it as UTF-8 without a byte order mark")
        }
        if first == 0xFE && second == 0xFF || first == 0xFF && second == 0xFE {
            throw JSONSyntaxError(.byteOrderMark, "the text is UTF-16", range: 0..<2, hint: "write it as UTF-8")
        }
    }
}
