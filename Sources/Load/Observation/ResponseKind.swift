/// Responses of one step with the same classes. Every response is of exactly one kind, whereas classes may overlap.
package struct ResponseKind: Equatable, Codable, Sendable {
    package var step: String
    package var classes: [String]

    package init(step: String, classes: [String]) {
        self.step = step
        self.classes = classes
    }

    /// `read hit`.
    package var name: String { ([step] + classes).joined(separator: " ") }
}
