import Foundation

/// Golden files with expected outputs. `UPDATE_GOLDEN=1` rewrites them.
package enum Golden {
    private static let isUpdating = ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1"

    /// The root of the repository.
    package static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The content of the file. When updating, writes the output to the file and returns the output.
    package static func expected(at path: String, for actual: String) throws -> String {
        let file = root.appending(path: path)
        if isUpdating { try Data(actual.utf8).write(to: file) }
        return String(decoding: try Data(contentsOf: file), as: UTF8.self)
    }

    /// Paths, relative to the root and sorted, of the files below a directory with this extension.
    package static func files(below directory: String, ending: String = ".json") throws -> [String] {
        let found = FileManager.default.enumerator(atPath: root.appending(path: directory).path())
        let names = (found?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(ending) }.sorted()
        guard !names.isEmpty else { throw CocoaError(.fileNoSuchFile) }
        return names.map { "\(directory)/\($0)" }
    }

    package static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appending(path: path).path())
    }

    package static func read(_ path: String) throws -> [UInt8] {
        guard exists(path) else { throw Missing() }
        return Array(try Data(contentsOf: root.appending(path: path)))
    }

    private struct Missing: Error, CustomStringConvertible {
        let description = "there is no such file"
    }
}
