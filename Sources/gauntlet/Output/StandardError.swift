import Foundation
import Scenario
import ScenarioRunner

/// Messages for the user, separate from output that may be piped.
enum StandardError {
    static func write(_ text: String) { writeRaw(text + "\n") }

    /// A diagnostic, followed by an empty line.
    static func write(_ diagnostic: Diagnostic) { write(DiagnosticRenderer(style: style).render(diagnostic) + "\n") }

    /// Errors are ignored: a message that cannot be written has nowhere else to go.
    static func writeRaw(_ text: String) {
        try? FileWriting.write(Array(text.utf8), to: STDERR_FILENO)
    }

    static var style: TextStyle {
        .forOutput(isTerminal: isatty(STDERR_FILENO) == 1, environment: ProcessInfo.processInfo.environment)
    }
}
