/// Finds the ends of the tokens of a text. Each function takes a start position and returns the end, so that the
/// position can stay in a register.
struct JSONLexer: ~Escapable {
    let bytes: Span<UInt8>
    let options: JSONParsingOptions

    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>, options: JSONParsingOptions) {
        self.bytes = bytes
        self.options = options
    }

    /// The byte at a position, or zero past the end. Zero is not valid outside strings, nor unescaped within them.
    @inline(__always)
    func byte(at position: Int) -> UInt8 { position < bytes.count ? bytes[position] : 0 }

    @inline(__always)
    func has(_ text: StaticString, at position: Int) -> Bool {
        let count = text.utf8CodeUnitCount
        guard bytes.count - position >= count else { return false }
        for offset in 0..<count where bytes[position + offset] != text.utf8Start[offset] { return false }
        return true
    }

    /// Whether the byte may continue a bare word or a number.
    @inline(__always)
    func isWordByte(at position: Int) -> Bool {
        switch byte(at: position) {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"), 0x80...0xFF: true
        default: false
        }
    }

    /// The end of the given literal: `true`, `false` or `null`.
    @inline(__always)
    func literalEnd(_ literal: StaticString, from start: Int) throws(JSONSyntaxError) -> Int {
        let end = start + literal.utf8CodeUnitCount
        guard has(literal, at: start), !isWordByte(at: end) else { throw noValue(at: start) }
        return end
    }

    /// The end of a number, and whether it is an integer.
    @inline(__always)
    func numberEnd(from start: Int) throws(JSONSyntaxError) -> (end: Int, isInteger: Bool) {
        let number = try JSONNumberSyntax.scan(bytes, from: start)
        guard !isWordByte(at: number.end) else { throw invalidNumber(at: start) }
        return number
    }

    /// Rejects a byte order mark, which a transmitted JSON text must not have (RFC 8259, section 8.1).
    func refuseByteOrderMark() throws(JSONSyntaxError) {
        let (first, second, third) = (byte(at: 0), byte(at: 1), byte(at: 2))
        if first == 0xEF, second == 0xBB, third == 0xBF {
            throw JSONSyntaxError(
                .byteOrderMark, "the text starts with a byte order mark", range: 0..<3,
                hint: "encode it as UTF-8 without a byte order mark")
        }
        if first == 0xFE && second == 0xFF || first == 0xFF && second == 0xFE {
            throw JSONSyntaxError(.byteOrderMark, "the text is UTF-16", range: 0..<2, hint: "encode it as UTF-8")
        }
    }
}
