import Foundation
import ScenarioRunner

/// Where a report is written: standard output or a file.
struct ReportDestination {
    /// The path as given; - is standard output.
    let path: String

    var isStandardOutput: Bool { path == "-" }

    /// Checks that the report can be written, as far as that can be known in advance.
    func check() throws(ReportError) {
        guard !isStandardOutput else { return }
        guard !path.isEmpty else { throw ReportError(path, "the path is empty") }
        if isDirectory(path) { throw ReportError(path, "it is a directory; name a file in it") }
        if isDevice {
            guard access(path, W_OK) == 0 else { throw ReportError(path, Self.systemMessage(errno)) }
            return
        }
        guard isDirectory(directory) else {
            throw ReportError(path, "the directory \(directory) does not exist; create it first")
        }
        guard access(directory, W_OK | X_OK) == 0 else {
            throw ReportError(path, "the directory \(directory) is not writable: \(Self.systemMessage(errno))")
        }
    }

    /// Writes the report. A file is replaced atomically: it always holds either its old content or all of the new.
    ///
    /// Standard output reports its own errors, and they decide the exit code.
    func write(_ text: String) throws(ReportError) {
        guard !isStandardOutput else { return StandardOutput.writeRaw(text) }
        let bytes = Array(text.utf8)
        do throws(FileWriting.Failure) {
            // A pipe or a terminal has no content to preserve, and must not be replaced by a regular file.
            guard !isDevice else { return try FileWriting.write(bytes, toDevice: path) }
            try FileWriting.replace(path, with: bytes)
        } catch {
            throw ReportError(path, "\(error)")
        }
    }

    /// Whether two reports written to both would overwrite or mix with each other. Devices take any number.
    func conflicts(with other: ReportDestination) -> Bool {
        if isStandardOutput || other.isStandardOutput { return path == other.path }
        return canonical == other.canonical && !isDevice
    }

    /// The path with links in its directory resolved.
    private var canonical: URL {
        let url = URL(filePath: path).standardizedFileURL
        return url.deletingLastPathComponent().resolvingSymlinksInPath().appending(path: url.lastPathComponent)
    }

    private var directory: String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private var isDevice: Bool {
        var status = stat()
        return stat(path, &status) == 0 && ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT)
    }

    private static func systemMessage(_ code: Int32) -> String { String(cString: strerror(code)) }
}

/// Why a report cannot be written.
struct ReportError: Error, Hashable, CustomStringConvertible {
    let path: String
    let cause: String

    init(_ path: String, _ cause: String) {
        self.path = path
        self.cause = cause
    }

    var description: String { "cannot write the report \(path): \(cause)" }
}
