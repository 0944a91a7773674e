/// A value within a document: a cursor that is cheap to copy and reads the text only on demand.
package struct JSONNode: Sendable {
    package let document: JSONDocument
    /// Its tape index.
    package let index: Int

    @inlinable package init(document: JSONDocument, index: Int) {
        self.document = document
        self.index = index
    }

    @inlinable package var entry: JSONTapeEntry { document.tape[index] }

    @inlinable package var kind: JSONKind {
        switch entry.kind {
        case .null: .null
        case .true, .false: .boolean
        case .integer, .decimal: .number
        case .string, .escapedString: .string
        case .array: .array
        case .object: .object
        }
    }

    /// The kind by name: `null`, `boolean`, `number`, `string`, `array` or `object`.
    package var typeName: String { kind.rawValue }

    /// Byte offsets of the value in the document; for a string, including its quotes.
    @inlinable package var range: Range<Int> { entry.range }

    @inlinable package var isNull: Bool { entry.kind == .null }

    @inlinable package var boolean: Bool? {
        switch entry.kind {
        case .true: true
        case .false: false
        default: nil
        }
    }

    package var number: JSONNumber? {
        switch entry.kind {
        case .integer, .decimal: writtenNumber
        default: nil
        }
    }

    /// The content of a string, unescaped.
    package var string: String? {
        switch entry.kind {
        case .string, .escapedString: name
        default: nil
        }
    }

    /// Number of elements or members; 0 for a scalar.
    @inlinable package var count: Int { Int(entry.count) }

    /// The value with all its contents, as a `JSON`. Of several members with one name, it has the last.
    package var value: JSON {
        switch entry.kind {
        case .null: .null
        case .true: .boolean(true)
        case .false: .boolean(false)
        case .integer, .decimal: .number(writtenNumber)
        case .string, .escapedString: .string(name)
        case .array: .array(elements.map(\.value))
        case .object: .object(JSONObject(members.lazy.map { ($0.key.name, $0.value.value) }))
        }
    }

    /// The content of a node that is known to be a string, such as a member's name.
    var name: String { document.text(at: index) }

    private var writtenNumber: JSONNumber {
        JSONNumber(scanned: document.bytes.span.extracting(range), isInteger: entry.kind == .integer)
    }
}

extension JSONDocument {
    /// The content of the string at a tape index.
    package func text(at index: Int) -> String {
        let entry = tape[index]
        let literal = bytes.span.extracting(entry.content)
        if entry.kind == .escapedString { return String(decoding: JSONStringSyntax.unescaped(literal), as: UTF8.self) }
        return literal.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }

    /// Whether the string at a tape index has exactly this content.
    @inlinable @inline(__always)
    package func isString(at index: Int, _ text: Span<UInt8>) -> Bool {
        let entry = tape[index]
        // Only a string has quotes around its content.
        guard entry.kind == .string || entry.kind == .escapedString else { return false }
        let literal = bytes.span.extracting(entry.content)
        if entry.kind == .string { return literal.hasSameBytes(as: text) }
        return JSONStringSyntax.unescaped(literal).span.hasSameBytes(as: text)
    }
}

extension Span<UInt8> {
    @inlinable @inline(__always)
    package func hasSameBytes(as other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        for position in 0..<count where self[position] != other[position] { return false }
        return true
    }
}
