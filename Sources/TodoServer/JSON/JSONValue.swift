/// A JSON value. Numbers keep their text; objects keep the order of their members.
package enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    /// The number's text, valid by RFC 8259 section 6.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)
}

/// An object's members in source order, including duplicates.
package struct JSONObject: Sendable, Equatable {
    package struct Member: Sendable, Equatable {
        package var name: String
        package var value: JSONValue

        package init(name: String, value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    package var members: [Member]

    package init(members: [Member] = []) {
        self.members = members
    }

    /// The value of a member. If the name occurs more than once, the last one counts.
    package subscript(name: String) -> JSONValue? {
        members.last { $0.name == name }?.value
    }

    package var hasDuplicates: Bool {
        Set(members.map(\.name)).count != members.count
    }
}
