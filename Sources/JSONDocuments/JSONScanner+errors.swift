/// Errors between tokens. Valid texts never reach this code.
extension JSONScanner {
    @inline(never)
    func expectedValue(at position: Int) -> JSONSyntaxError { text.noValue(at: position, related: bracket) }

    @inline(never)
    func expectedSeparator(at position: Int) -> JSONSyntaxError {
        let message = isInObject ? "expected ',' or '}' after a member" : "expected ',' or ']' after an element"
        if let error = text.noCharacter(message, at: position, related: bracket) { return error }
        switch text.byte(at: position) {
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            return JSONSyntaxError(.mismatchedBracket, message, range: text.offending(at: position), related: bracket)
        case UInt8(ascii: "\""), UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "-"):
            return missingComma(message, at: position)
        default:
            guard text.isWordByte(at: position) else {
                return JSONSyntaxError(.unexpectedCharacter, message, range: text.offending(at: position))
            }
            return missingComma(message, at: position)
        }
    }

    private func missingComma(_ message: String, at position: Int) -> JSONSyntaxError {
        JSONSyntaxError(.missingComma, message, range: text.offending(at: position), hint: "add a comma before this")
    }

    @inline(never)
    func expectedName(at position: Int) -> JSONSyntaxError {
        let message = "expected a member name"
        if let error = text.noCharacter(message, at: position, related: bracket) { return error }
        let isBare = text.isWordByte(at: position) || text.byte(at: position) == UInt8(ascii: "'")
        return JSONSyntaxError(
            .unexpectedCharacter, message, range: text.offending(at: position),
            hint: isBare ? "use double quotes for names" : nil)
    }

    @inline(never)
    func expectedColon(at position: Int) -> JSONSyntaxError {
        let message = "expected ':' after a member name"
        if let error = text.noCharacter(message, at: position, related: bracket) { return error }
        return JSONSyntaxError(.missingColon, message, range: text.offending(at: position))
    }

    @inline(never)
    func trailingComma(at comma: Int) -> JSONSyntaxError {
        JSONSyntaxError(
            .trailingComma, "unexpected comma before the closing bracket", range: comma..<comma + 1, hint: "remove it")
    }

    @inline(never)
    func trailingContent(at position: Int) -> JSONSyntaxError {
        let message = "unexpected text after the value"
        return text.noCharacter(message, at: position, related: nil)
            ?? JSONSyntaxError(.trailingContent, message, range: text.offending(at: position))
    }

    @inline(never)
    func duplicateKey(_ range: Range<Int>, first: Range<Int>) -> JSONSyntaxError {
        JSONSyntaxError(
            .duplicateKey, "this object already has a member with this name", range: range, related: first,
            hint: "rename or remove one of them")
    }

    @inline(never)
    func tooDeep(at position: Int) -> JSONSyntaxError {
        JSONSyntaxError(
            .tooDeep, "arrays and objects are nested more than \(text.options.maximumDepth) levels deep",
            range: text.offending(at: position))
    }

    @inline(never)
    func tooLarge() -> JSONSyntaxError {
        JSONSyntaxError(.tooLarge, "the text is longer than 2 GiB", range: 0..<0)
    }

    /// The bracket that opened the innermost container.
    private var bracket: Range<Int>? {
        guard container != Self.none else { return nil }
        let start = Int(tape[container].start)
        return start..<start + 1
    }
}
