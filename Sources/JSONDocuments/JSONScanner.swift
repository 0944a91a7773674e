/// Scans a text once, from start to end, onto a tape.
///
/// It neither recurses nor looks back. Its state is the innermost open container, and that container's tape entry holds
/// the index of the enclosing one.
struct JSONScanner: ~Escapable {
    /// A separate value without storage: if its functions were the scanner's own, calls would count references to the
    /// tape.
    let text: JSONLexer
    var tape: [JSONTapeEntry] = []
    private var depth = 0
    /// The tape index of the innermost open container, and whether that is an object.
    private(set) var container = Self.none
    private(set) var isInObject = false
    /// The names so far in each open object, if duplicates are errors.
    private var names: [[[UInt8]: Range<Int>]] = []

    static let none = Int(UInt32.max)

    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>, options: JSONParsingOptions) {
        text = JSONLexer(bytes, options: options)
    }

    mutating func scan() throws(JSONSyntaxError) {
        guard text.bytes.count <= JSONTapeEntry.maximumTextLength else { throw tooLarge() }
        try text.refuseByteOrderMark()
        var position = 0
        repeat {
            position = try scanValue(at: text.skipTrivia(at: position))
            position = try scanSeparators(at: text.skipTrivia(at: position))
        } while container != Self.none
        guard position == text.bytes.count else { throw trailingContent(at: position) }
    }

    /// Scans a value to its end. For a non-empty container, scans to the end of the first scalar in it.
    @inline(__always)
    private mutating func scanValue(at start: Int) throws(JSONSyntaxError) -> Int {
        var position = start
        while true {
            switch text.byte(at: position) {
            case UInt8(ascii: "\""): return try scanString(at: position)
            case UInt8(ascii: "{"):
                position = try open(.object, at: position)
                guard text.byte(at: position) != UInt8(ascii: "}") else { return close(at: position) }
                tape[container].count = 1
                position = try scanName(at: position)
            case UInt8(ascii: "["):
                position = try open(.array, at: position)
                guard text.byte(at: position) != UInt8(ascii: "]") else { return close(at: position) }
                tape[container].count = 1
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try scanNumber(at: position)
            case UInt8(ascii: "t"):
                return append(.true, position..<(try text.literalEnd("true", from: position)))
            case UInt8(ascii: "f"):
                return append(.false, position..<(try text.literalEnd("false", from: position)))
            case UInt8(ascii: "n"):
                return append(.null, position..<(try text.literalEnd("null", from: position)))
            default: throw expectedValue(at: position)
            }
        }
    }

    /// After a value, closes the containers that end here. Stops where the next value starts or, after the outermost
    /// value, at the end of the text.
    @inline(__always)
    private mutating func scanSeparators(at start: Int) throws(JSONSyntaxError) -> Int {
        var position = start
        while container != Self.none {
            let closing = isInObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
            if text.byte(at: position) == UInt8(ascii: ",") {
                let comma = position
                position = try text.skipTrivia(at: position + 1)
                guard text.byte(at: position) == closing else {
                    tape[container].count += 1
                    return isInObject ? try scanName(at: position) : position
                }
                guard text.options.allowsTrailingCommas else { throw trailingComma(at: comma) }
            }
            guard text.byte(at: position) == closing else { throw expectedSeparator(at: position) }
            position = try text.skipTrivia(at: close(at: position))
        }
        return position
    }

    /// Opens a container and moves to its first value or closing bracket.
    private mutating func open(_ kind: JSONTapeEntry.Kind, at position: Int) throws(JSONSyntaxError) -> Int {
        depth += 1
        guard depth <= text.options.maximumDepth else { throw tooDeep(at: position) }
        tape.append(JSONTapeEntry(kind, start: position, end: position + 1, next: container))
        container = tape.count - 1
        isInObject = kind == .object
        if text.options.refusesDuplicateKeys { names.append([:]) }
        return try text.skipTrivia(at: position + 1)
    }

    private mutating func close(at position: Int) -> Int {
        depth -= 1
        if text.options.refusesDuplicateKeys { names.removeLast() }
        let outer = Int(tape[container].next)
        tape[container].end = UInt32(truncatingIfNeeded: position + 1)
        tape[container].next = UInt32(truncatingIfNeeded: tape.count)
        container = outer
        isInObject = outer != Self.none && tape[outer].kind == .object
        return position + 1
    }

    /// Scans a member's name and the colon, up to its value.
    @inline(__always)
    private mutating func scanName(at start: Int) throws(JSONSyntaxError) -> Int {
        guard text.byte(at: start) == UInt8(ascii: "\"") else { throw expectedName(at: start) }
        let end = try scanString(at: start)
        if text.options.refusesDuplicateKeys { try rememberName(start..<end) }
        let colon = try text.skipTrivia(at: end)
        guard text.byte(at: colon) == UInt8(ascii: ":") else { throw expectedColon(at: colon) }
        return try text.skipTrivia(at: colon + 1)
    }

    private mutating func rememberName(_ range: Range<Int>) throws(JSONSyntaxError) {
        let name = JSONStringSyntax.unescaped(text.bytes.extracting(range.dropFirst().dropLast()))
        if let first = names[names.count - 1].updateValue(range, forKey: name) {
            throw duplicateKey(range, first: first)
        }
    }

    @inline(__always)
    private mutating func scanString(at start: Int) throws(JSONSyntaxError) -> Int {
        let (end, isEscaped) = try text.stringEnd(from: start)
        return append(isEscaped ? .escapedString : .string, start..<end)
    }

    @inline(__always)
    private mutating func scanNumber(at start: Int) throws(JSONSyntaxError) -> Int {
        let (end, isInteger) = try text.numberEnd(from: start)
        return append(isInteger ? .integer : .decimal, start..<end)
    }

    @inline(__always)
    private mutating func append(_ kind: JSONTapeEntry.Kind, _ range: Range<Int>) -> Int {
        tape.append(JSONTapeEntry(kind, start: range.lowerBound, end: range.upperBound, next: tape.count + 1))
        return range.upperBound
    }
}
