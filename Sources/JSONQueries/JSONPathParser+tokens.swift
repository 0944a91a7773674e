import JSONDocuments

extension JSONPathParser {
    /// The current byte, or zero at the end. Zero starts no token.
    var current: UInt8 { position < bytes.count ? bytes[position] : 0 }

    func isDigit(at position: Int) -> Bool {
        position < bytes.count && UInt8(ascii: "0")...UInt8(ascii: "9") ~= bytes[position]
    }

    /// `name-char`: letters, digits, the underscore and everything outside ASCII.
    func isNameByte(at position: Int) -> Bool {
        guard position < bytes.count else { return false }
        return switch bytes[position] {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...0xFF: true
        default: false
        }
    }

    /// `function-name-char`: lower-case letters, digits and the underscore.
    func isFunctionNameByte(at position: Int) -> Bool {
        isNameByte(at: position) && bytes[position] < 0x80
            && !(UInt8(ascii: "A")...UInt8(ascii: "Z") ~= bytes[position])
    }

    mutating func take(_ token: StaticString) -> Bool {
        let count = token.utf8CodeUnitCount
        guard bytes.count - position >= count else { return false }
        for offset in 0..<count where bytes[position + offset] != token.utf8Start[offset] { return false }
        position += count
        return true
    }

    /// `S = *B`, the four whitespace characters of JSON. True if there were any.
    @discardableResult
    mutating func skipBlanks() -> Bool {
        let start = position
        while isAtBlank { position += 1 }
        return position > start
    }

    /// Whether the current byte is whitespace.
    var isAtBlank: Bool {
        switch current {
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): true
        default: false
        }
    }

    func error(_ message: String, hint: String? = nil) -> JSONPathError {
        guard position < bytes.count else {
            return JSONPathError("\(message), but the query ends", range: position..<position, hint: hint)
        }
        let length = bytes[position] < 0x80 ? 1 : UTF8Sequence.length(bytes.span, at: position)
        return JSONPathError(message, range: position..<position + length, hint: hint)
    }

    /// `int = "0" / (["-"] DIGIT1 *DIGIT)`, within ±(2^53 − 1) (RFC 9535, section 2.1).
    mutating func parseInteger() throws(JSONPathError) -> Int {
        let start = position
        let isNegative = take("-")
        let digits = position
        var value = 0
        while isDigit(at: position) {
            value = min(value * 10 + Int(bytes[position] - UInt8(ascii: "0")), 1 << 53)
            position += 1
        }
        guard position > digits else { throw error("expected a digit") }
        let range = start..<position
        if bytes[digits] == UInt8(ascii: "0"), isNegative || position > digits + 1 {
            throw JSONPathError(
                "an index cannot be -0 or have leading zeros", range: range,
                hint: isNegative ? "write 0" : "remove the leading zeros")
        }
        guard value < 1 << 53 else {
            throw JSONPathError("this index is outside ±9007199254740991", range: range)
        }
        return isNegative ? -value : value
    }

    /// `literal = number / string-literal / true / false / null`, except the words.
    mutating func parseLiteral() throws(JSONPathError) -> JSON {
        switch current {
        case UInt8(ascii: "'"), UInt8(ascii: "\""):
            return .string(String(decoding: try parseString(), as: UTF8.self))
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            // `number = (int / "-0") [ frac ] [ exp ]` is JSON's number grammar.
            do throws(JSONSyntaxError) {
                let (end, isInteger) = try JSONNumberSyntax.scan(bytes.span, from: position)
                defer { position = end }
                return .number(JSONNumber(scanned: bytes.span.extracting(position..<end), isInteger: isInteger))
            } catch {
                throw JSONPathError(error.message, range: error.range, hint: error.hint)
            }
        default:
            throw error(
                "expected a query, a literal or a function",
                hint: "queries start with @ or $; strings are quoted")
        }
    }

    /// `string-literal`, in either kind of quotes. Returns the unescaped text in UTF-8.
    mutating func parseString() throws(JSONPathError) -> [UInt8] {
        let start = position
        let quote = bytes[start]
        position += 1
        var text: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case quote:
                position += 1
                return text
            case UInt8(ascii: "\\"): try parseEscape(quote: quote, into: &text)
            case 0..<0x20:
                throw error(
                    "unescaped control character in a string", hint: "write it as an escape such as \\n or \\u0001")
            default:
                text.append(byte)
                position += 1
            }
        }
        throw JSONPathError(
            "this string is not closed", range: start..<start + 1, hint: "close it with the quote that opened it")
    }

    /// `ESC (quote / escapable)`
    private mutating func parseEscape(quote: UInt8, into text: inout [UInt8]) throws(JSONPathError) {
        let start = position
        let letter = start + 1 < bytes.count ? bytes[start + 1] : 0
        switch letter {
        case quote, UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"),
            UInt8(ascii: "r"), UInt8(ascii: "t"):
            position += 2
            text += JSONStringSyntax.unescaped([UInt8(ascii: "\\"), letter].span)
        case UInt8(ascii: "u"):
            let length = try escapeLength(at: start)
            position += length
            text += JSONStringSyntax.unescaped(bytes.span.extracting(start..<position))
        default:
            throw JSONPathError(
                "unknown escape sequence", range: start..<min(start + 2, bytes.count),
                hint: "write \\\\ for a backslash")
        }
    }

    /// `\uXXXX`, or two of them for a surrogate pair. An unpaired surrogate is an error.
    private func escapeLength(at start: Int) throws(JSONPathError) -> Int {
        guard let unit = JSONStringSyntax.codeUnit(bytes.span, at: start) else {
            throw JSONPathError(
                "\\u takes four hexadecimal digits", range: start..<min(start + 6, bytes.count))
        }
        guard UTF16.isSurrogate(unit) else { return 6 }
        guard UTF16.isLeadSurrogate(unit), let trail = JSONStringSyntax.codeUnit(bytes.span, at: start + 6),
            UTF16.isTrailSurrogate(trail)
        else {
            throw JSONPathError(
                "this is an unpaired surrogate", range: start..<start + 6,
                hint: "write both halves of the pair, or the character itself")
        }
        return 12
    }
}
