/// Errors within tokens, as specific as possible. Valid texts never reach this code.
extension JSONLexer {
    @inline(never)
    func noValue(at position: Int, related: Range<Int>? = nil) -> JSONSyntaxError {
        if let error = noCharacter("expected a value", at: position, related: related) { return error }
        let word = offending(at: position)
        switch byte(at: position) {
        case UInt8(ascii: "'"):
            return JSONSyntaxError(
                .unexpectedCharacter, "expected a value", range: word, hint: "use double quotes for strings")
        case UInt8(ascii: "+"):
            return JSONSyntaxError(
                .invalidNumber, "a number cannot start with '+'", range: word, hint: "remove the '+'")
        case UInt8(ascii: "."):
            return JSONSyntaxError(
                .invalidNumber, "a number cannot start with '.'", range: word, hint: "write 0 before the point")
        default:
            guard isWordByte(at: position) else {
                return JSONSyntaxError(.unexpectedCharacter, "expected a value", range: word)
            }
            return JSONSyntaxError(.invalidLiteral, "expected a value", range: word, hint: hint(forWord: word))
        }
    }

    @inline(never)
    func commentNotAllowed(at position: Int) -> JSONSyntaxError {
        JSONSyntaxError(.comment, "comments are not allowed in JSON", range: position..<position + 2)
    }

    @inline(never)
    func controlCharacter(at position: Int, inStringAt start: Int) -> JSONSyntaxError {
        let byte = bytes[position]
        if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
            return JSONSyntaxError(
                .unterminatedString, "this string is not closed before the end of the line", range: start..<position,
                hint: "add a closing quote; write a line break as \\n")
        }
        let digits = String(byte, radix: 16)
        let escape = byte == UInt8(ascii: "\t") ? "\\t" : (byte < 0x10 ? "\\u000" : "\\u00") + digits
        return JSONSyntaxError(
            .controlCharacter, "unescaped control character in a string", range: position..<position + 1,
            hint: "write it as \(escape)")
    }

    @inline(never)
    func invalidEscape(at start: Int) -> JSONSyntaxError {
        if byte(at: start + 1) == UInt8(ascii: "u") {
            var end = start + 2
            while end < min(start + 6, bytes.count), JSONStringSyntax.hexDigit(bytes[end]) != nil { end += 1 }
            return JSONSyntaxError(.invalidEscape, "\\u takes four hexadecimal digits", range: start..<end)
        }
        let second = start + 1
        let length = byte(at: second) < 0x80 ? 1 : max(UTF8Sequence.length(bytes, at: second), 1)
        return JSONSyntaxError(
            .invalidEscape, "unknown escape sequence", range: start..<min(second + length, bytes.count),
            hint: "write \\\\ for a backslash")
    }

    @inline(never)
    func loneSurrogate(at start: Int) -> JSONSyntaxError {
        JSONSyntaxError(
            .loneSurrogate, "this is an unpaired surrogate", range: start..<start + 6,
            hint: "write both halves of the pair, or the character itself")
    }

    @inline(never)
    func invalidNumber(at start: Int) -> JSONSyntaxError {
        JSONSyntaxError(.invalidNumber, "this is not a valid number", range: offending(at: start))
    }

    /// The error if there is no character here, because the text ends or is not valid UTF-8; otherwise nil.
    func noCharacter(_ message: String, at position: Int, related: Range<Int>?) -> JSONSyntaxError? {
        if position == bytes.count {
            return JSONSyntaxError(
                .unexpectedEnd, "\(message), but the text ends", range: position..<position, related: related)
        }
        guard byte(at: position) >= 0x80, UTF8Sequence.length(bytes, at: position) == 0 else { return nil }
        return invalidUTF8(at: position)
    }

    @inline(never)
    func invalidUTF8(at start: Int) -> JSONSyntaxError {
        JSONSyntaxError(
            .invalidUTF8, "this is not valid UTF-8", range: start..<start + 1, hint: "encode the text as UTF-8")
    }

    /// The range of the word that starts here, or of a single character.
    func offending(at position: Int) -> Range<Int> {
        var end = position
        while isWordByte(at: end) { end += 1 }
        return position..<max(end, min(position + 1, bytes.count))
    }

    func hint(forWord range: Range<Int>) -> String? {
        let word = bytes.extracting(range).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
        return switch word {
        case "True", "TRUE", "yes", "on": "write true"
        case "False", "FALSE", "no", "off": "write false"
        case "None", "nil", "Null", "NULL", "undefined": "write null"
        case "NaN", "Infinity", "nan", "inf": "JSON has no infinity or NaN"
        default: "use double quotes for strings"
        }
    }
}
