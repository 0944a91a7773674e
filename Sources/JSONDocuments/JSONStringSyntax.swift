/// The content of string literals (RFC 8259, section 7).
package enum JSONStringSyntax {
    /// The UTF-16 code unit of the escape `\uXXXX` that starts here, if there is one.
    package static func codeUnit(_ bytes: Span<UInt8>, at start: Int) -> UInt16? {
        guard bytes.count - start >= 6, bytes[start] == UInt8(ascii: "\\"), bytes[start + 1] == UInt8(ascii: "u") else {
            return nil
        }
        var unit: UInt16 = 0
        for offset in 2..<6 {
            guard let digit = hexDigit(bytes[start + offset]) else { return nil }
            unit = unit << 4 | UInt16(digit)
        }
        return unit
    }

    package static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// Unescapes the content of a valid string literal, without its quotes, to UTF-8. An unpaired surrogate becomes
    /// U+FFFD.
    package static func unescaped(_ literal: Span<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(literal.count)
        var position = 0
        while position < literal.count {
            guard literal[position] == UInt8(ascii: "\\") else {
                text.append(literal[position])
                position += 1
                continue
            }
            guard let unit = codeUnit(literal, at: position) else {
                text.append(unescaped(letter: literal[position + 1]))
                position += 2
                continue
            }
            position += 6
            if UTF16.isLeadSurrogate(unit), let trail = codeUnit(literal, at: position), UTF16.isTrailSurrogate(trail) {
                position += 6
                text.append(contentsOf: String(decoding: [unit, trail], as: UTF16.self).utf8)
            } else {
                text.append(contentsOf: String(decoding: CollectionOfOne(unit), as: UTF16.self).utf8)
            }
        }
        return text
    }

    private static func unescaped(letter: UInt8) -> UInt8 {
        switch letter {
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: letter
        }
    }

    /// Appends a string as a literal with quotes. Escapes only what must be escaped, in the shortest form.
    static func appendLiteral(of string: String, to text: inout [UInt8]) {
        text.append(UInt8(ascii: "\""))
        for byte in string.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): text += [UInt8(ascii: "\\"), byte]
            case 0x08: text += [UInt8(ascii: "\\"), UInt8(ascii: "b")]
            case 0x09: text += [UInt8(ascii: "\\"), UInt8(ascii: "t")]
            case 0x0A: text += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
            case 0x0C: text += [UInt8(ascii: "\\"), UInt8(ascii: "f")]
            case 0x0D: text += [UInt8(ascii: "\\"), UInt8(ascii: "r")]
            case 0..<0x20:
                text += "\\u00\(byte < 0x10 ? "0" : "1")".utf8
                text += String(byte & 0xF, radix: 16).utf8
            default: text.append(byte)
            }
        }
        text.append(UInt8(ascii: "\""))
    }
}
