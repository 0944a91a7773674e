/// A value that a ``JSONExtractor`` found: its kind and its place in the text.
package struct JSONExtract: Hashable, Sendable {
    /// Nil if the document has no such value.
    private let written: JSONTapeEntry.Kind?
    private let start: Int32
    private let length: Int32
    private let elements: Int32

    /// No value.
    package init() {
        written = nil
        start = 0
        length = 0
        elements = 0
    }

    init(_ kind: JSONTapeEntry.Kind, _ range: Range<Int>, count: Int = 0) {
        written = kind
        start = Int32(truncatingIfNeeded: range.lowerBound)
        length = Int32(truncatingIfNeeded: range.count)
        elements = Int32(truncatingIfNeeded: count)
    }

    package var isMissing: Bool { written == nil }

    /// Byte offsets of the value in the text; for a string, including its quotes.
    package var range: Range<Int> { Int(start)..<Int(start) + Int(length) }

    /// Byte offsets of the content of a string, which is text as it stands if ``isPlainText``.
    package var content: Range<Int> { Int(start) + 1..<Int(start) + Int(length) - 1 }

    /// Number of elements or members, including members with the same name; 0 for a scalar.
    package var count: Int { Int(elements) }

    package var kind: JSONKind? {
        switch written {
        case nil: nil
        case .null: .null
        case .true, .false: .boolean
        case .integer, .decimal: .number
        case .string, .escapedString: .string
        case .array: .array
        case .object: .object
        }
    }

    package var boolean: Bool? {
        switch written {
        case .true: true
        case .false: false
        default: nil
        }
    }

    /// Whether it is a string without escapes.
    package var isPlainText: Bool { written == .string }

    /// The value of a number that is written without fraction and exponent, and fits; nil for anything else.
    package func integer(in text: Span<UInt8>) -> Int? {
        written == .integer ? JSONNumberSyntax.integer(text.extracting(range)) : nil
    }

    /// The value of a scalar; nil for a container.
    package func scalar(in text: Span<UInt8>) -> JSON? {
        switch written {
        case .null: return .null
        case .true: return .boolean(true)
        case .false: return .boolean(false)
        case .integer, .decimal:
            return .number(JSONNumber(scanned: text.extracting(range), isInteger: written == .integer))
        case .string:
            return text.extracting(content).withUnsafeBufferPointer { .string(String(decoding: $0, as: UTF8.self)) }
        case .escapedString:
            return .string(String(decoding: JSONStringSyntax.unescaped(text.extracting(content)), as: UTF8.self))
        case nil, .array, .object: return nil
        }
    }
}
