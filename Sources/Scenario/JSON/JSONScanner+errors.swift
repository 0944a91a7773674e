/// What is wrong, told as helpfully as the place allows. Nothing here is on the way of a valid text.
extension JSONScanner {
    @inline(never)
    func expectedValue() -> JSONSyntaxError {
        if let error = noCharacter("expected a value") { return error }
        let word = offending
        switch current {
        case UInt8(ascii: "'"):
            return JSONSyntaxError(
                .unexpectedCharacter, "expected a value", range: word, hint: "strings stand in double quotes")
        case UInt8(ascii: "+"):
            return JSONSyntaxError(
                .invalidNumber, "a number does not begin with '+'", range: word, hint: "leave the '+' out")
        case UInt8(ascii: "."):
            return JSONSyntaxError(
                .invalidNumber, "a number does not begin with '.'", range: word, hint: "write a 0 before it")
        default:
            guard isWordByte(at: position) else {
                return JSONSyntaxError(.unexpectedCharacter, "expected a value", range: word)
            }
            return JSONSyntaxError(.invalidLiteral, "expected a value", range: word, hint: hint(forWord: word))
        }
    }

    @inline(never)
    func expectedSeparator() -> JSONSyntaxError {
        let isObject = tape[container].kind == .object
        let message = isObject ? "expected ',' or '}' after a member" : "expected ',' or ']' after an element"
        if let error = noCharacter(message) { return error }
        switch current {
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            return JSONSyntaxError(.mismatchedBracket, message, range: offending, related: bracket)
        case UInt8(ascii: "\""), UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "-"):
            return missingComma(message)
        default:
            guard isWordByte(at: position) else {
                return JSONSyntaxError(.unexpectedCharacter, message, range: offending)
            }
            return missingComma(message)
        }
    }

    private func missingComma(_ message: String) -> JSONSyntaxError {
        JSONSyntaxError(.missingComma, message, range: offending, hint: "put a comma before this")
    }

    @inline(never)
    func expectedName() -> JSONSyntaxError {
        let message = "expected a member's name"
        if let error = noCharacter(message) { return error }
        let isBare = isWordByte(at: position) || current == UInt8(ascii: "'")
        return JSONSyntaxError(
            .unexpectedCharacter, message, range: offending, hint: isBare ? "names stand in double quotes" : nil)
    }

    @inline(never)
    func expectedColon() -> JSONSyntaxError {
        let message = "expected ':' after a member's name"
        if let error = noCharacter(message) { return error }
        return JSONSyntaxError(.missingColon, message, range: offending)
    }

    @inline(never)
    func trailingComma(_ comma: Int) -> JSONSyntaxError {
        JSONSyntaxError(
            .trailingComma, "a comma stands before the closing bracket", range: comma..<comma + 1, hint: "leave it out")
    }

    @inline(never)
    func trailingContent() -> JSONSyntaxError {
        let message = "expected nothing after the value"
        return noCharacter(message) ?? JSONSyntaxError(.trailingContent, message, range: offending)
    }

    @inline(never)
    func duplicateKey(_ range: Range<Int>, first: Range<Int>) -> JSONSyntaxError {
        JSONSyntaxError(
            .duplicateKey, "this object has a member of this name already", range: range, related: first,
            hint: "rename or remove one of the two")
    }

    @inline(never)
    func tooDeep() -> JSONSyntaxError {
        JSONSyntaxError(
            .tooDeep, "arrays and objects are nested more than \(options.maximumDepth) deep", range: offending)
    }

    @inline(never)
    func tooLarge() -> JSONSyntaxError {
        JSONSyntaxError(.tooLarge, "the text is longer than 2 GiB", range: 0..<0)
    }

    @inline(never)
    func commentNotAllowed() -> JSONSyntaxError {
        JSONSyntaxError(.comment, "comments have no place in JSON", range: position..<position + 2)
    }

    @inline(never)
    func controlCharacter(at position: Int, inStringAt start: Int) -> JSONSyntaxError {
        let byte = bytes[position]
        if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
            return JSONSyntaxError(
                .unterminatedString, "this string is not closed before the line ends", range: start..<position,
                hint: "close it with a quote; a line break within a string is written \\n")
        }
        let digits = String(byte, radix: 16)
        let escape = byte == UInt8(ascii: "\t") ? "\\t" : (byte < 0x10 ? "\\u000" : "\\u00") + digits
        return JSONSyntaxError(
            .controlCharacter, "a string has a control character", range: position..<position + 1,
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
            .invalidEscape, "there is no such escape", range: start..<min(second + length, bytes.count),
            hint: "a backslash itself is written \\\\")
    }

    @inline(never)
    func loneSurrogate(at start: Int) -> JSONSyntaxError {
        JSONSyntaxError(
            .loneSurrogate, "this is half of a surrogate pair", range: start..<start + 6,
            hint: "write both halves, or the character itself")
    }

    @inline(never)
    func invalidNumber(_ start: Int) -> JSONSyntaxError {
        JSONSyntaxError(.invalidNumber, "this is not a number", range: start..<offending.upperBound)
    }

    /// Where no character stands here: the text ends, or is not UTF-8.
    private func noCharacter(_ message: String) -> JSONSyntaxError? {
        if position == bytes.count {
            return JSONSyntaxError(
                .unexpectedEnd, "\(message), but the text ends", range: position..<position, related: bracket)
        }
        guard current >= 0x80, UTF8Sequence.length(bytes, at: position) == 0 else { return nil }
        return invalidUTF8(at: position)
    }

    @inline(never)
    func invalidUTF8(at start: Int) -> JSONSyntaxError {
        JSONSyntaxError(.invalidUTF8, "this is not UTF-8", range: start..<start + 1, hint: "write the text as UTF-8")
    }

    /// The bracket that opened the innermost container.
    private var bracket: Range<Int>? {
        guard container != Self.none else { return nil }
        let start = Int(tape[container].start)
        return start..<start + 1
    }

    /// The word that begins here, or else the one character.
    private var offending: Range<Int> {
        var end = position
        while isWordByte(at: end) { end += 1 }
        return position..<max(end, min(position + 1, bytes.count))
    }

    private func hint(forWord range: Range<Int>) -> String? {
        let word = bytes.extracting(range).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
        return switch word {
        case "True", "TRUE", "yes", "on": "write true"
        case "False", "FALSE", "no", "off": "write false"
        case "None", "nil", "Null", "NULL", "undefined": "write null"
        case "NaN", "Infinity", "nan", "inf": "JSON has neither infinity nor NaN"
        default: "strings stand in double quotes"
        }
    }
}
