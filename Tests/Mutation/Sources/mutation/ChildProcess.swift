import Foundation

/// A command that runs to its end, to a time limit, or to a line that says enough.
struct ChildProcess {
    struct Ending {
        let status: Int32
        let output: String
        /// The line at which it was stopped.
        let decisiveLine: String?
        let timedOut: Bool
        let seconds: Double
    }

    let command: [String]
    let directory: URL
    var environment: [String: String] = [:]

    /// - Parameters:
    ///   - limit: seconds after which the command and its children are killed.
    ///   - isDecisive: whether the command can be killed because of a line of its output.
    func run(limit: Int? = nil, until isDecisive: (String) -> Bool = { _ in false }) throws -> Ending {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        process.currentDirectoryURL = directory
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = pipe
        let start = ContinuousClock.now
        try process.run()
        try? pipe.fileHandleForWriting.close()

        var lines = LineBuffer()
        var decisiveLine: String?
        var timedOut = false
        reading: while true {
            switch readAvailable(pipe.fileHandleForReading.fileDescriptor) {
            case .data(let bytes):
                lines.append(bytes)
                while let line = lines.next() {
                    guard isDecisive(line) else { continue }
                    decisiveLine = line
                    break reading
                }
            case .end: break reading
            // A grandchild may keep the pipe open.
            case .nothing: if !process.isRunning { break reading }
            }
            if let limit, start.duration(to: .now) > .seconds(limit) {
                timedOut = true
                break
            }
        }
        if decisiveLine != nil || timedOut { killGroup(of: process.processIdentifier) }
        process.waitUntilExit()
        return Ending(
            status: process.terminationStatus, output: lines.text, decisiveLine: decisiveLine, timedOut: timedOut,
            seconds: start.duration(to: .now) / .seconds(1))
    }

    /// Kills the process group, which the command leads, and so the servers that its tests started.
    private func killGroup(of process: Int32) {
        if kill(-process, SIGKILL) != 0 { _ = kill(process, SIGKILL) }
    }

    private enum Read {
        case data([UInt8])
        case nothing
        case end
    }

    private func readAvailable(_ descriptor: Int32) -> Read {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, 200) > 0 else { return .nothing }
        var bytes = [UInt8](repeating: 0, count: 65536)
        let count = read(descriptor, &bytes, bytes.count)
        return count > 0 ? .data(Array(bytes.prefix(count))) : .end
    }
}

/// Splits output into lines.
private struct LineBuffer {
    private var bytes: [UInt8] = []
    private var position = 0

    var text: String { String(decoding: bytes, as: UTF8.self) }

    mutating func append(_ more: [UInt8]) { bytes += more }

    mutating func next() -> String? {
        guard let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        defer { position = end + 1 }
        return String(decoding: bytes[position..<end], as: UTF8.self)
    }
}
