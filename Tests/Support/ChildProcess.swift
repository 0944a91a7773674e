import Glibc
import Synchronization

/// A program that a test starts.
///
/// It never outlives the test process, however that ends: a shell between the two stops the program when the pipe from
/// the test process closes.
package final class ChildProcess: Sendable {
    /// The program's process id, for signals.
    package let id: pid_t
    private let shell: pid_t
    /// The write end of the pipe. Closing it stops the program; nil once it was closed.
    private let lifeline: Mutex<Int32?>
    private let output: Int32

    /// - Parameters:
    ///   - stop: the name of the signal that stops the program.
    ///   - remains: a folder to remove if the tests end without stopping the program.
    package init(_ program: String, _ arguments: [String], stop: String = "KILL", remains: String = "") throws {
        // The inner shell becomes the program, so the id comes before anything that the program prints.
        let script = """
            sh -c 'echo "id $$"; exec "$@"' sh "$@" & id=$!
            exec >/dev/null
            read -r _ || isOrphaned=1
            kill -\(stop) $id 2>/dev/null
            wait $id
            [ -z "$isOrphaned" ] || rm -rf "\(remains)"
            """
        let (input, lifeline) = try makePipe()
        let (output, writing) = try makePipe()
        shell = try spawn("/bin/sh", ["-c", script, "sh", program] + arguments, input: input, output: writing)
        close(input)
        close(writing)
        self.lifeline = Mutex(lifeline)
        self.output = output
        guard let line = Self.line(from: output), let id = pid_t(line.dropFirst(3)) else {
            throw SpawnFailure(description: "\(program) did not start")
        }
        self.id = id
    }

    deinit {
        stop()
        close(output)
    }

    /// The next line of the program's output; nil at the end.
    package func nextLine() async throws -> String? {
        try await blocking { [output] in Self.line(from: output) }
    }

    package func signal(_ signal: Int32) {
        kill(id, signal)
    }

    /// Stops the program and waits for its end.
    package func stop() {
        lifeline.withLock { lifeline in
            guard let descriptor = lifeline else { return }
            _ = write(descriptor, "\n", 1)
            close(descriptor)
            lifeline = nil
            waitForEnd(of: shell)
        }
    }

    private static func line(from descriptor: Int32) -> String? {
        var line: [UInt8] = []
        while let byte = read(from: descriptor, upTo: 1)?.first {
            if byte == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
            line.append(byte)
        }
        return nil
    }
}
