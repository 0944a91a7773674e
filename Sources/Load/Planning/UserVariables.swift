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
        for (name, value) in captured where values[name] != value {
            values[name] = value
            version &+= 1
        }
    }
}
