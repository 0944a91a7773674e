/// Compares bytes with a character that may be encoded in several ways.
enum EncodedText {
    /// Longer runs are not escapes: this many occur when JSON is nested in JSON six times.
    private static let mostBackslashes = 64

    /// The end of a unit (backslashes and a character) that starts here, or nil if something else does.
    static func end(of unit: SecretPattern.Unit, in bytes: Span<UInt8>, at start: Int) -> Int? {
        let run = backslashes(in: bytes, at: start)
        guard run.count >= unit.backslashes else { return nil }
        guard let scalar = unit.scalar else { return run.end }
        guard run.count > unit.backslashes else { return plainEnd(of: scalar, in: bytes, at: run.end) }
        if let end = escapeEnd(of: scalar, in: bytes, at: run.end) { return end }
        let mayBeEscaped = unit.backslashes > 0 || scalar == "\"" || scalar == "/" || scalar == "'"
        return mayBeEscaped ? plainEnd(of: scalar, in: bytes, at: run.end) : nil
    }

    /// The same for `%` or `&`, which also start encodings. Returns all possible ends.
    static func ends(
        of unit: SecretPattern.Unit, _ scalar: Unicode.Scalar, in bytes: Span<UInt8>, at start: Int
    ) -> [Int] {
        let run = backslashes(in: bytes, at: start)
        guard run.count >= unit.backslashes else { return [] }
        if run.count > unit.backslashes, let end = escapeEnd(of: scalar, in: bytes, at: run.end) { return [end] }
        guard run.count == unit.backslashes || unit.backslashes > 0, run.end < bytes.count else { return [] }
        var ends: [Int] = []
        if scalar == "%" {
            guard bytes[run.end] == UInt8(ascii: "%") else { return [] }
            var end = run.end + 1
            while hexByte(in: bytes, at: end) == UInt8(ascii: "%") { end += 2 }
            if end > run.end + 1 { ends += [run.end + 3, end] }
        } else {
            for isLongest in [false, true] {
                if let end = entityEnd(of: scalar, in: bytes, at: run.end, isLongest: isLongest) { ends.append(end) }
            }
            if let end = percentEnd(of: UInt8(ascii: "&"), in: bytes, at: run.end) { ends.append(end) }
        }
        if bytes[run.end] == UInt8(ascii: scalar) { ends.append(run.end + 1) }
        return ends
    }

    /// Counts a run of backslashes, which may themselves be percent-encoded or written as `\u005c` in JSON.
    private static func backslashes(in bytes: Span<UInt8>, at start: Int) -> (count: Int, end: Int) {
        var (count, end) = (0, start)
        while count < mostBackslashes, end < bytes.count {
            if bytes[end] == UInt8(ascii: "\\") {
                (count, end) = (count + 1, end + 1)
            } else if let next = percentEnd(of: UInt8(ascii: "\\"), in: bytes, at: end) {
                (count, end) = (count + 1, next)
            } else if count > 0, codeUnit(in: bytes, at: end) == 0x5C {
                end += 5
            } else {
                break
            }
        }
        return (count, end)
    }

    /// The end of a JSON escape after its backslashes: `n`, `u00e4`, `ud83d\ude00`.
    private static func escapeEnd(of scalar: Unicode.Scalar, in bytes: Span<UInt8>, at start: Int) -> Int? {
        guard start < bytes.count else { return nil }
        let letter: Unicode.Scalar? =
            switch scalar {
            case "\n": "n"
            case "\r": "r"
            case "\t": "t"
            case "\u{8}": "b"
            case "\u{C}": "f"
            default: nil
            }
        if let letter, bytes[start] == UInt8(ascii: letter) { return start + 1 }
        guard let unit = codeUnit(in: bytes, at: start) else { return nil }
        let units = Array(String(scalar).utf16)
        guard unit == units[0] else { return nil }
        guard units.count == 2 else { return start + 5 }
        let second = backslashes(in: bytes, at: start + 5)
        guard second.count > 0, codeUnit(in: bytes, at: second.end) == units[1] else { return nil }
        return second.end + 5
    }

    /// The end of a character written literally, percent-encoded, or as an entity.
    private static func plainEnd(of scalar: Unicode.Scalar, in bytes: Span<UInt8>, at start: Int) -> Int? {
        guard start < bytes.count else { return nil }
        if scalar.isASCII, bytes[start] == UInt8(ascii: scalar) { return start + 1 }
        if scalar == " ", bytes[start] == UInt8(ascii: "+") { return start + 1 }
        if bytes[start] == UInt8(ascii: "&") {
            return entityEnd(of: scalar, in: bytes, at: start, isLongest: true)
        }
        // Each byte of a character may be encoded differently.
        var end = start
        for byte in String(scalar).utf8 {
            if end < bytes.count, bytes[end] == byte {
                end += 1
            } else if let next = percentEnd(of: byte, in: bytes, at: end) {
                end = next
            } else {
                return nil
            }
        }
        return end
    }

    /// The end of `%2F`, or of `%252F` if it is encoded twice.
    private static func percentEnd(of byte: UInt8, in bytes: Span<UInt8>, at start: Int) -> Int? {
        guard start < bytes.count, bytes[start] == UInt8(ascii: "%") else { return nil }
        var digits = start + 1
        while let value = hexByte(in: bytes, at: digits) {
            if value == byte { return digits + 2 }
            guard value == UInt8(ascii: "%") else { return nil }
            digits += 2
        }
        return nil
    }

    private static let names: [(scalar: Unicode.Scalar, name: StaticString)] = [
        ("\"", "quot;"), ("&", "amp;"), ("<", "lt;"), (">", "gt;"), ("'", "apos;"),
    ]

    /// The end of `&quot;`, `&#34;` or `&#x22;`, or of `&amp;quot;` if it is encoded twice.
    private static func entityEnd(
        of scalar: Unicode.Scalar, in bytes: Span<UInt8>, at start: Int, isLongest: Bool
    ) -> Int? {
        guard start < bytes.count, bytes[start] == UInt8(ascii: "&") else { return nil }
        var name = start + 1
        var found: Int?
        while true {
            let end =
                numberEnd(of: scalar, in: bytes, at: name)
                ?? names.first { $0.scalar == scalar }.flatMap { nameEnd($0.name, in: bytes, at: name) }
            if let end { found = end }
            if found != nil, !isLongest { return found }
            guard let next = nameEnd("amp;", in: bytes, at: name) else { return found }
            name = next
        }
    }

    private static func nameEnd(_ name: StaticString, in bytes: Span<UInt8>, at start: Int) -> Int? {
        guard bytes.count - start >= name.utf8CodeUnitCount else { return nil }
        for offset in 0..<name.utf8CodeUnitCount where bytes[start + offset] != name.utf8Start[offset] { return nil }
        return start + name.utf8CodeUnitCount
    }

    /// The end of a numeric entity after its `&`: `#34;` or `#x22;`, possibly with leading zeros.
    private static func numberEnd(of scalar: Unicode.Scalar, in bytes: Span<UInt8>, at start: Int) -> Int? {
        guard start + 1 < bytes.count, bytes[start] == UInt8(ascii: "#") else { return nil }
        let isHexadecimal = bytes[start + 1] | 0x20 == UInt8(ascii: "x")
        var place = start + (isHexadecimal ? 2 : 1)
        var value: UInt32 = 0
        // A character's number has no more digits, apart from leading zeros.
        let last = min(bytes.count, place + 9)
        while place < last, let digit = JSONStringSyntax.hexDigit(bytes[place]), isHexadecimal || digit < 10 {
            value = value &* (isHexadecimal ? 16 : 10) &+ UInt32(digit)
            place += 1
        }
        guard place < bytes.count, bytes[place] == UInt8(ascii: ";"), value == scalar.value else { return nil }
        return place + 1
    }

    /// The UTF-16 code unit of `uXXXX`.
    private static func codeUnit(in bytes: Span<UInt8>, at start: Int) -> UInt16? {
        guard bytes.count - start >= 5, bytes[start] == UInt8(ascii: "u"),
            let high = hexByte(in: bytes, at: start + 1), let low = hexByte(in: bytes, at: start + 3)
        else { return nil }
        return UInt16(high) << 8 | UInt16(low)
    }

    private static func hexByte(in bytes: Span<UInt8>, at start: Int) -> UInt8? {
        guard bytes.count - start >= 2, let high = JSONStringSyntax.hexDigit(bytes[start]),
            let low = JSONStringSyntax.hexDigit(bytes[start + 1])
        else { return nil }
        return high << 4 | low
    }
}
