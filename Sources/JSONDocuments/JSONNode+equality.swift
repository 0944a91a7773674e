extension JSONNode: Equatable {
    /// Whether both are the same JSON value, regardless of spelling or document.
    package static func == (left: JSONNode, right: JSONNode) -> Bool {
        guard left.kind == right.kind else { return false }
        switch left.kind {
        case .null: return true
        case .boolean: return left.boolean == right.boolean
        case .number: return left.number == right.number
        case .string: return left.hasSameText(as: right)
        case .array: return left.count == right.count && left.elements.elementsEqual(right.elements)
        // With duplicate names, members are hard to pair. A `JSON` object has none and finds members by name in
        // constant time.
        case .object: return left.value == right.value
        }
    }

    package static func == (left: JSONNode, right: JSON) -> Bool {
        switch right {
        case .null: return left.isNull
        case .boolean(let value): return left.boolean == value
        case .number(let value): return left.number == value
        case .string(var value):
            value.makeContiguousUTF8()
            return left.document.isString(at: left.index, value.utf8.span)
        case .array(let value):
            return left.kind == .array && left.count == value.count && left.elements.elementsEqual(value, by: ==)
        case .object: return left.kind == .object && left.value == right
        }
    }

    package static func == (left: JSON, right: JSONNode) -> Bool { right == left }
    package static func != (left: JSONNode, right: JSON) -> Bool { !(left == right) }
    package static func != (left: JSON, right: JSONNode) -> Bool { !(right == left) }

    private func hasSameText(as other: JSONNode) -> Bool {
        if entry.kind == .string, other.entry.kind == .string {
            let literal = document.bytes.span.extracting(range)
            return literal.hasSameBytes(as: other.document.bytes.span.extracting(other.range))
        }
        return self == .string(other.name)
    }
}
