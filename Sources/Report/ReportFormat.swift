import Scenario

/// A format of a report: its name on the command line, and a function from a result to the report.
package struct ReportFormat<Subject: Sendable>: Sendable {
    package let name: String
    private let text: @Sendable (Subject, TextStyle) throws -> String

    /// - Parameter text: the whole report. Formats that are not for a terminal ignore the style.
    init(_ name: String, _ text: @escaping @Sendable (Subject, TextStyle) throws -> String) {
        self.name = name
        self.text = text
    }

    package func render(_ subject: Subject, style: TextStyle = .plain) throws -> String {
        try text(subject, style)
    }
}
