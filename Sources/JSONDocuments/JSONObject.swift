import OrderedCollections

/// The members of an object in insertion order, with constant-time lookup by name.
///
/// Equality ignores the order. Names are unique: a later value replaces an earlier one in place.
package struct JSONObject: Sendable {
    private var members: OrderedDictionary<ScalarString, JSON>

    package init() { members = [:] }

    package init(_ members: some Sequence<(String, JSON)>) {
        self.members = OrderedDictionary(minimumCapacity: members.underestimatedCount)
        for (key, value) in members { self.members[ScalarString(key)] = value }
    }

    package var count: Int { members.count }
    package var isEmpty: Bool { members.isEmpty }
    package var keys: [String] { members.keys.map(\.text) }

    /// The value of a member. Setting it to nil removes the member.
    package subscript(key: String) -> JSON? {
        get { members[ScalarString(key)] }
        set { members[ScalarString(key)] = newValue }
    }
}

extension JSONObject: Hashable {
    package static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.count == right.count && left.members.allSatisfy { right.members[$0.key] == $0.value }
    }

    package func hash(into hasher: inout Hasher) {
        // A sum does not depend on the order of the members.
        var sum = 0
        for (key, value) in members {
            var member = hasher
            member.combine(key)
            member.combine(value)
            sum &+= member.finalize()
        }
        hasher.combine(sum)
    }
}

extension JSONObject: Sequence {
    package func makeIterator() -> some IteratorProtocol<(key: String, value: JSON)> {
        members.lazy.map { (key: $0.key.text, value: $0.value) }.makeIterator()
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral members: (String, JSON)...) { self.init(members) }
}
