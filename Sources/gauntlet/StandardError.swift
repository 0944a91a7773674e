import Foundation
import Scenario
import Synchronization

/// Messages for the person at the terminal, apart from the output that may be piped on.
enum StandardError {
    /// Where nobody can be told, nobody is.
    static func write(_ text: String) {
        _ = Descriptor.write(text + "\n", to: STDERR_FILENO)
    }

    static var style: TextStyle {
        .forOutput(isTerminal: isatty(STDERR_FILENO) == 1, environment: ProcessInfo.processInfo.environment)
    }
}

/// What a command gives.
enum StandardOutput {
    private static let failed = Atomic<Bool>(false)

    /// Whether some of it was lost: the disk is full, say.
    static var hasFailed: Bool { failed.load(ordering: .relaxed) }

    static func write(_ text: String) { writeRaw(text + "\n") }

    static func writeRaw(_ text: String) {
        let code = Descriptor.write(text, to: STDOUT_FILENO)
        guard code != 0, !failed.exchange(true, ordering: .relaxed) else { return }
        StandardError.write("error: standard output cannot be written: \(String(cString: strerror(code)))")
    }

    static var style: TextStyle {
        .forOutput(isTerminal: isatty(STDOUT_FILENO) == 1, environment: ProcessInfo.processInfo.environment)
    }
}

private enum Descriptor {
    /// Writes all of a text; gives errno's code where it cannot.
    static func write(_ text: String, to descriptor: Int32) -> Int32 {
        var text = text
        return text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
                if count > 0 {
                    rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
                } else if errno != EINTR {
                    return errno
                }
            }
            return 0
        }
    }
}
