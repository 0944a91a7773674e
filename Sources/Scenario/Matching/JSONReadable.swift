/// A JSON value that can be read, whether independent or within a document.
protocol JSONReadable {
    associatedtype Elements: Sequence<Self>

    var kind: JSONKind { get }
    /// Nil for any value that is not a number.
    var number: JSONNumber? { get }
    /// The content of a string, unescaped; nil for any other value.
    var string: String? { get }
    /// Number of characters, elements or members; nil for a value without a length.
    var length: Int? { get }
    /// The elements of an array, in order; empty for any other value.
    var elements: Elements { get }

    /// The value of an object's member; of several members with one name, the last.
    subscript(key: String) -> Self? { get }

    static func == (left: Self, right: JSON) -> Bool
}

extension JSONReadable {
    /// -1, 0 or 1 if it is less than, equal to or greater than the other; nil if the two are not ordered. Strings are
    /// ordered by their scalars.
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
        // Members with the same name count once.
        case .object: value.length
        case .null, .boolean, .number: nil
        }
    }
}
