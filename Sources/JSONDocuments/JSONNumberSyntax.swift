/// The grammar of a number: `[ minus ] int [ frac ] [ exp ]` (RFC 8259, section 6).
package enum JSONNumberSyntax {
    /// The end of the number that starts at `start`, and whether it is an integer: no fraction, no exponent.
    package static func scan(_ bytes: Span<UInt8>, from start: Int) throws(JSONSyntaxError) -> (
        end: Int, isInteger: Bool
    ) {
        var end = start
        if byte(bytes, end) == UInt8(ascii: "-") { end += 1 }
        let integer = end
        end = skipDigits(bytes, end)
        guard end > integer else { throw invalid(bytes, start, at: end, "expected a digit") }
        if byte(bytes, integer) == UInt8(ascii: "0"), end > integer + 1 {
            throw invalid(bytes, start, at: end, "a number cannot have leading zeros", hint: "remove the leading zeros")
        }
        var isInteger = true
        if byte(bytes, end) == UInt8(ascii: ".") {
            isInteger = false
            let fraction = end + 1
            end = skipDigits(bytes, fraction)
            guard end > fraction else { throw invalid(bytes, start, at: end, "expected a digit after the point") }
        }
        if byte(bytes, end) | 0x20 == UInt8(ascii: "e") {
            isInteger = false
            end += 1
            if byte(bytes, end) == UInt8(ascii: "+") || byte(bytes, end) == UInt8(ascii: "-") { end += 1 }
            let exponent = end
            end = skipDigits(bytes, exponent)
            guard end > exponent else { throw invalid(bytes, start, at: end, "expected a digit in the exponent") }
        }
        return (end, isInteger)
    }

    /// The value of an integer literal if it fits. Nil for `-0`, because an `Int` would lose the sign.
    static func integer(_ bytes: Span<UInt8>) -> Int? {
        // Eighteen digits always fit.
        guard bytes.count <= 18 else {
            return bytes.withUnsafeBufferPointer { Int(String(decoding: $0, as: UTF8.self)) }
        }
        let isNegative = byte(bytes, 0) == UInt8(ascii: "-")
        var value = 0
        for position in (isNegative ? 1 : 0)..<bytes.count {
            value = value &* 10 &+ Int(bytes[position] &- UInt8(ascii: "0"))
        }
        if isNegative { return value == 0 ? nil : -value }
        return value
    }

    @inline(__always)
    private static func skipDigits(_ bytes: Span<UInt8>, _ start: Int) -> Int {
        var end = start
        while byte(bytes, end) &- UInt8(ascii: "0") <= 9 { end += 1 }
        return end
    }

    /// The byte at a position, or zero past the end. Zero occurs in no number.
    @inline(__always)
    private static func byte(_ bytes: Span<UInt8>, _ position: Int) -> UInt8 {
        position < bytes.count ? bytes[position] : 0
    }

    @inline(never)
    private static func invalid(
        _ bytes: Span<UInt8>, _ start: Int, at position: Int, _ message: String, hint: String? = nil
    ) -> JSONSyntaxError {
        let end = max(position, start + 1)
        return JSONSyntaxError(.invalidNumber, message, range: start..<min(end, bytes.count), hint: hint)
    }
}
