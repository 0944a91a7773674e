import Scenario

/// A virtual user's own variables: from its row of data, its own setup, and its steps' captures.
package struct UserVariables: Equatable, Sendable {
    package typealias Values = [String: JSON]

    package private(set) var values: Values
    /// Grows with each change, so that anything rendered earlier is known to be out of date.
    private(set) var version: Int32 = 1

    package init(_ values: Values = [:]) { self.values = values }

    /// Stores captured values.
    mutating func merge(_ captured: Values) {
        for (name, value) in captured { set(name, to: value) }
    }

    mutating func set(_ name: String, to value: JSON) {
        guard let index = values.index(forKey: name) else {
            values[name] = value
            version &+= 1
            return
        }
        guard values.values[index] != value else { return }
        values.values[index] = value
        version &+= 1
    }
}
