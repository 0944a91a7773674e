/// A JSON value as it was read: numbers keep their text, objects keep every member in order.
package enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    /// The number's text, as RFC 8259 section 6 allows it.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)
}

/// An object's members in the order of the text, duplicates included.
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

    /// The value of a member; of duplicates the last one counts.
    package subscript(name: String) -> JSONValue? {
        members.last { $0.name == name }?.value
    }

    package var hasDuplicates: Bool {
        Set(members.map(\.name)).count != members.count
    }
}
