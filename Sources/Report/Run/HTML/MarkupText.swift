import Mustache

/// Escapes text for the page, so that a browser does not interpret it and control characters are visible.
///
/// Mustache's own escaping works by `Character`. It misses a less-than sign after U+0600 or a quote before a combining
/// mark, because neither is a `Character` of its own. This one works by scalar.
struct MarkupText: MustacheContentType {
    func escapeText(_ text: String) -> String {
        guard !text.utf8.allSatisfy(Self.isPlain) else { return text }
        var result = String.UnicodeScalarView()
        result.reserveCapacity(text.utf8.count * 5 / 4)
        var afterReturn = false
        for scalar in text.unicodeScalars {
            if afterReturn, scalar != "\n" { Self.show("\r", in: &result) }
            afterReturn = scalar == "\r"
            switch scalar {
            case "&": result += "&amp;".unicodeScalars
            case "<": result += "&lt;".unicodeScalars
            case ">": result += "&gt;".unicodeScalars
            case "\"": result += "&quot;".unicodeScalars
            case "'": result += "&#39;".unicodeScalars
            case "\n", "\t": result.append(scalar)
            case "\r": break
            // Control characters, and characters that change the writing direction and thereby how a line reads.
            case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}",
                "\u{FFFE}", "\u{FFFF}":
                Self.show(scalar, in: &result)
            default: result.append(scalar)
            }
        }
        if afterReturn { Self.show("\r", in: &result) }
        return String(result)
    }

    /// Printable ASCII except the five special characters: the fast path for most texts.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), UInt8(ascii: "'"): false
        case 0x20..<0x7F, 0x0A: true
        default: false
        }
    }

    private static func show(_ scalar: Unicode.Scalar, in text: inout String.UnicodeScalarView) {
        text += "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars
    }
}
