import Scenario

/// The variables that a virtual user has for itself: from its row of data, its own setup, and what its steps capture.
package struct UserVariables: Equatable, Sendable {
    package typealias Values = [String: JSON]

    package private(set) var values: Values
    /// Grows with each change, so that what was rendered from the values is known to be out of date.
    private(set) var version: Int32 = 1

    package init(_ values: Values = [:]) { self.values = values }

    /// Takes over values that were captured.
    mutating func merge(_ captured: Values) {
        for (name, value) in captured where values[name] != value {
            values[name] = value
            version &+= 1
        }
    }
}
