/// A JSON value to be looked at, wherever it is kept: standing alone, or in the text that it came in.
protocol JSONReadable {
    associatedtype Elements: Sequence<Self>

    var kind: JSONKind { get }
    /// Nil for what is no number.
    var number: JSONNumber? { get }
    /// What a string says, escapes resolved; nil for what is none.
    var string: String? { get }
    /// Characters, elements or members; nil for what has no length.
    var length: Int? { get }
    /// The elements of an array, in order; none of anything else.
    var elements: Elements { get }

    /// The value of an object's member; of several with one name, the last.
    subscript(key: String) -> Self? { get }

    static func == (left: Self, right: JSON) -> Bool
}

extension JSONReadable {
    /// Below, equal or above as -1, 0, 1; nil where the two have no order. Strings are ordered by their scalars.
    func order(to other: JSON) -> Int? {
        if let one = number, let two = other.number { return one < two ? -1 : one == two ? 0 : 1 }
        guard let one = string.map(ScalarString.init), let two = other.string.map(ScalarString.init) else { return nil }
        return one < two ? -1 : one == two ? 0 : 1
    }

    /// Whether it has at least these members, at every depth, and at least these elements.
    func includes(_ expected: JSON) -> Bool {
        switch expected {
        case .object(let members) where kind == .object:
            members.allSatisfy { self[$0.key]?.includes($0.value) ?? false }
        case .array(let wanted) where kind == .array:
            wanted.allSatisfy { element in elements.contains { $0.includes(element) } }
        default: self == expected
        }
    }
}

extension JSON: JSONReadable {
    var number: JSONNumber? { if case .number(let number) = self { number } else { nil } }
    var string: String? { if case .string(let string) = self { string } else { nil } }
    var elements: [JSON] { if case .array(let elements) = self { elements } else { [] } }

    var length: Int? {
        switch self {
        case .string(let text): text.unicodeScalars.count
        case .array(let elements): elements.count
        case .object(let members): members.count
        case .null, .boolean, .number: nil
        }
    }

    subscript(key: String) -> JSON? { if case .object(let members) = self { members[key] } else { nil } }
}

extension JSONNode: JSONReadable {
    var length: Int? {
        switch kind {
        case .string: string?.unicodeScalars.count
        case .array: count
        // Members of one name count once.
        case .object: value.length
        case .null, .boolean, .number: nil
        }
    }
}
