import Foundation
import Glibc

/// A file that a report is written to.
package struct ReportFile: Hashable, Sendable {
    package let path: String

    package init(path: String) { self.path = path }

    /// Checks that the report can be written, as far as that can be known in advance.
    package func check() throws(ReportFileError) {
        guard !path.isEmpty else { throw ReportFileError(path, "the path is empty") }
        if isDirectory(path) { throw ReportFileError(path, "it is a directory; name a file in it") }
        if isSpecial {
            guard access(path, W_OK) == 0 else { throw ReportFileError(path, Self.systemMessage(errno)) }
            return
        }
        guard isDirectory(directory) else {
            throw ReportFileError(path, "the directory \(directory) does not exist; create it first")
        }
        guard access(directory, W_OK | X_OK) == 0 else {
            throw ReportFileError(path, "the directory \(directory) is not writable: \(Self.systemMessage(errno))")
        }
    }

    /// Replaces the file atomically: it always holds either its old content or all of the new.
    package func write(_ text: String) throws(ReportFileError) {
        do {
            // A pipe or a terminal has no content to preserve, and must not be replaced by a regular file.
            try Data(text.utf8).write(to: URL(filePath: path), options: isSpecial ? [] : .atomic)
        } catch {
            throw ReportFileError(path, error.localizedDescription)
        }
    }

    private var directory: String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private var isSpecial: Bool {
        var status = stat()
        return stat(path, &status) == 0 && ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT)
    }

    private static func systemMessage(_ code: Int32) -> String { String(cString: strerror(code)) }
}

/// Why a report cannot be written.
package struct ReportFileError: Error, Hashable, Sendable, CustomStringConvertible {
    package let path: String
    package let cause: String

    init(_ path: String, _ cause: String) {
        self.path = path
        self.cause = cause
    }

    package var description: String { "cannot write the report \(path): \(cause)" }
}
