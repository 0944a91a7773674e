import Foundation
import Scenario

/// Messages for the person at the terminal, apart from the output that may be piped on.
enum StandardError {
    static func write(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }

    static var style: TextStyle {
        .forOutput(isTerminal: isatty(STDERR_FILENO) == 1, environment: ProcessInfo.processInfo.environment)
    }
}

/// What a command gives.
enum StandardOutput {
    static func write(_ text: String) { writeRaw(text + "\n") }

    static func writeRaw(_ text: String) {
        FileHandle.standardOutput.write(Data(text.utf8))
    }

    static var style: TextStyle {
        .forOutput(isTerminal: isatty(STDOUT_FILENO) == 1, environment: ProcessInfo.processInfo.environment)
    }
}
