/// Reads a text once, from front to back, onto a tape. It neither recurses nor looks behind: its state is the innermost
/// open container, whose tape entry knows the container around it.
struct JSONScanner: ~Escapable {
    let bytes: Span<UInt8>
    let options: JSONParsingOptions
    var position = 0
    /// Cleared before use: one lent by somebody else saves an allocation.
    var tape: [JSONTapeEntry] = []
    private var depth = 0
    /// The tape index of the innermost open container.
    private(set) var container = Self.none
    /// The names met so far in each open object, where no two may be equal.
    private var names: [[[UInt8]: Range<Int>]] = []

    static let none = Int(UInt32.max)

    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>, options: JSONParsingOptions) {
        self.bytes = bytes
        self.options = options
    }

    mutating func scan() throws(JSONSyntaxError) {
        tape.removeAll(keepingCapacity: true)
        guard bytes.count <= JSONTapeEntry.maximumTextLength else { throw tooLarge() }
        try refuseByteOrderMark()
        repeat { try scanValue() } while try scanSeparators()
        try skipTrivia()
        guard position == bytes.count else { throw trailingContent() }
    }

    /// Reads a value up to its end or, for a container with something in it, up to its first value.
    private mutating func scanValue() throws(JSONSyntaxError) {
        while true {
            try skipTrivia()
            switch current {
            case UInt8(ascii: "\""): try scanString()
            case UInt8(ascii: "{"): if try open(.object, closing: "}") { continue }
            case UInt8(ascii: "["): if try open(.array, closing: "]") { continue }
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try scanNumber()
            case UInt8(ascii: "t"): try scanLiteral("true", .true)
            case UInt8(ascii: "f"): try scanLiteral("false", .false)
            case UInt8(ascii: "n"): try scanLiteral("null", .null)
            default: throw expectedValue()
            }
            return
        }
    }

    /// After a value: closes what ends here. True where another value follows, false after the outermost one.
    private mutating func scanSeparators() throws(JSONSyntaxError) -> Bool {
        while container != Self.none {
            try skipTrivia()
            let isObject = tape[container].kind == .object
            let closing = isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
            if current == UInt8(ascii: ",") {
                let comma = position
                position += 1
                try skipTrivia()
                guard current == closing else {
                    tape[container].count += 1
                    if isObject { try scanName() }
                    return true
                }
                guard options.allowsTrailingCommas else { throw trailingComma(comma) }
            }
            guard current == closing else { throw expectedSeparator() }
            close()
        }
        return false
    }

    /// Opens a container and closes it at once where it is empty. True where it is not.
    private mutating func open(
        _ kind: JSONTapeEntry.Kind, closing: Unicode.Scalar
    ) throws(JSONSyntaxError) -> Bool {
        depth += 1
        guard depth <= options.maximumDepth else { throw tooDeep() }
        tape.append(JSONTapeEntry(kind, start: position, end: position + 1, next: container))
        container = tape.count - 1
        if options.refusesDuplicateKeys { names.append([:]) }
        position += 1
        try skipTrivia()
        if current == UInt8(ascii: closing) {
            close()
            return false
        }
        tape[container].count = 1
        if kind == .object { try scanName() }
        return true
    }

    private mutating func close() {
        position += 1
        depth -= 1
        if options.refusesDuplicateKeys { names.removeLast() }
        let outer = Int(tape[container].next)
        tape[container].end = UInt32(truncatingIfNeeded: position)
        tape[container].next = UInt32(truncatingIfNeeded: tape.count)
        container = outer
    }

    /// A member's name and the colon.
    private mutating func scanName() throws(JSONSyntaxError) {
        guard current == UInt8(ascii: "\"") else { throw expectedName() }
        let start = position
        try scanString()
        if options.refusesDuplicateKeys {
            let name = JSONStringSyntax.unescaped(bytes.extracting(start + 1..<position - 1))
            if let first = names[names.count - 1].updateValue(start..<position, forKey: name) {
                throw duplicateKey(start..<position, first: first)
            }
        }
        try skipTrivia()
        guard current == UInt8(ascii: ":") else { throw expectedColon() }
        position += 1
    }

    private mutating func scanString() throws(JSONSyntaxError) {
        let start = position
        let isEscaped = try skipString()
        append(isEscaped ? .escapedString : .string, start)
    }

    private mutating func scanNumber() throws(JSONSyntaxError) {
        let number = try JSONNumberSyntax.scan(bytes, from: position)
        let start = position
        position = number.end
        guard !isWordByte(at: position) else { throw invalidNumber(start) }
        append(number.isInteger ? .integer : .decimal, start)
    }

    private mutating func scanLiteral(_ text: StaticString, _ kind: JSONTapeEntry.Kind) throws(JSONSyntaxError) {
        guard has(text), !isWordByte(at: position + text.utf8CodeUnitCount) else { throw expectedValue() }
        let start = position
        position += text.utf8CodeUnitCount
        append(kind, start)
    }

    @inline(__always)
    private mutating func append(_ kind: JSONTapeEntry.Kind, _ start: Int) {
        tape.append(JSONTapeEntry(kind, start: start, end: position, next: tape.count + 1))
    }
}
