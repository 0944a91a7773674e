import Foundation
import Glibc
import Scenario
import ScenarioRunner
import Synchronization

/// Messages for the person at the terminal, apart from the output that may be piped on.
enum StandardError {
    static func write(_ text: String) { writeRaw(text + "\n") }

    /// A message that cannot be written has no other place to go.
    static func writeRaw(_ text: String) {
        try? FileWriting.write(Array(text.utf8), to: STDERR_FILENO)
    }

    static var style: TextStyle {
        .forOutput(isTerminal: isatty(STDERR_FILENO) == 1, environment: ProcessInfo.processInfo.environment)
    }
}

/// What a command gives. All of it goes through here, so that what is lost is noticed.
enum StandardOutput {
    private static let failed = Atomic<Bool>(false)

    /// Whether some of it was lost: the disk is full, say.
    static var hasFailed: Bool { failed.load(ordering: .relaxed) }

    static func write(_ text: String) { writeRaw(text + "\n") }

    static func writeRaw(_ text: String) {
        guard !hasFailed else { return }
        do throws(FileWriting.Failure) { try FileWriting.write(Array(text.utf8), to: STDOUT_FILENO) } catch {
            let isFirst = !failed.exchange(true, ordering: .relaxed)
            // A reader that has seen enough, such as head, has closed the pipe and wants to hear no more.
            guard isFirst, !error.isClosedPipe else { return }
            StandardError.write("error: cannot write to standard output: \(error)")
        }
    }

    static var style: TextStyle {
        .forOutput(isTerminal: isatty(STDOUT_FILENO) == 1, environment: ProcessInfo.processInfo.environment)
    }
}

/// The descriptors that every program is given.
enum StandardDescriptors {
    /// Opens those that are closed, so that writing to them fails. Otherwise the first socket or file to be opened would
    /// become standard output and receive what is printed.
    static func occupy() {
        for (descriptor, mode) in [(STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDONLY)]
        where fcntl(descriptor, F_GETFD) == -1 {
            // The lowest free number is taken, and those below are taken.
            _ = open("/dev/null", mode)
        }
    }
}
