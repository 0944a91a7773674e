import Foundation
import Glibc
import Scenario
import ScenarioRunner
import Synchronization

/// Messages for the user, separate from output that may be piped.
enum StandardError {
    static func write(_ text: String) { writeRaw(text + "\n") }

    /// Errors are ignored: a message that cannot be written has nowhere else to go.
    static func writeRaw(_ text: String) {
        try? FileWriting.write(Array(text.utf8), to: STDERR_FILENO)
    }

    static var style: TextStyle {
        .forOutput(isTerminal: isatty(STDERR_FILENO) == 1, environment: ProcessInfo.processInfo.environment)
    }
}

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

/// The three standard file descriptors.
enum StandardDescriptors {
    /// Opens those that are closed, in a mode that makes using them fail. Otherwise the next socket or file would
    /// become standard output, for example, and receive what is printed.
    static func occupy() {
        for (descriptor, mode) in [(STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDONLY)]
        where fcntl(descriptor, F_GETFD) == -1 {
            // open() returns the lowest free descriptor, which is this one because all lower ones are in use.
            _ = open("/dev/null", mode)
        }
    }
}
