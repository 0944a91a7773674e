/// Well-formed UTF-8 sequences (RFC 3629, section 4): nothing overlong, no surrogates, nothing above U+10FFFF.
package enum UTF8Sequence {
    /// Length of the sequence that starts here with a byte above 0x7F; 0 if it is not well-formed.
    package static func length(_ bytes: Span<UInt8>, at start: Int) -> Int {
        let lead = bytes[start]
        let length: Int
        // The range of the second byte depends on the first.
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch lead {
        case 0xC2...0xDF: length = 2
        case 0xE0...0xEF:
            length = 3
            if lead == 0xE0 { second = 0xA0...0xBF } else if lead == 0xED { second = 0x80...0x9F }
        case 0xF0...0xF4:
            length = 4
            if lead == 0xF0 { second = 0x90...0xBF } else if lead == 0xF4 { second = 0x80...0x8F }
        default: return 0
        }
        guard bytes.count - start >= length, second ~= bytes[start + 1] else { return 0 }
        for offset in 2..<max(length, 2) where bytes[start + offset] & 0xC0 != 0x80 { return 0 }
        return length
    }
}
