import Foundation
import Scenario
import ScenarioRunner
import Synchronization

/// The output of a command. All of it goes through here, so that a failed write is noticed.
enum StandardOutput {
    private static let failed = Atomic<Bool>(false)

    /// Whether some output was lost, for example because the disk is full.
    static var hasFailed: Bool { failed.load(ordering: .relaxed) }

    static func write(_ text: String) { writeRaw(text + "\n") }

    static func writeRaw(_ text: String) {
        guard !hasFailed else { return }
        do throws(FileWriting.Failure) { try FileWriting.write(Array(text.utf8), to: STDOUT_FILENO) } catch {
            let isFirst = !failed.exchange(true, ordering: .relaxed)
            // A reader such as head closes the pipe on purpose; that needs no message.
            guard isFirst, !error.isClosedPipe else { return }
            StandardError.write("error: cannot write to standard output: \(error)")
        }
    }

    static var style: TextStyle {
        .forOutput(isTerminal: isatty(STDOUT_FILENO) == 1, environment: ProcessInfo.processInfo.environment)
    }
}
