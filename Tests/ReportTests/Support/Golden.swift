import Foundation
import Testing

/// Golden files with the expected reports. `UPDATE_GOLDEN=1 swift test` rewrites them; review the diff.
enum Golden {
    static func expect(_ text: String, matches name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Golden/\(name)")
            .standardizedFileURL
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
            try Data(text.utf8).write(to: file, options: .atomic)
            return
        }
        let golden = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        guard text != golden else { return }
        let lines = golden.split(separator: "\n", omittingEmptySubsequences: false)
        let actual = text.split(separator: "\n", omittingEmptySubsequences: false)
        let place = zip(lines, actual).enumerated().first { $1.0 != $1.1 }?.offset ?? min(lines.count, actual.count)
        let (expected, found) = (lines.dropFirst(place).first ?? "(end)", actual.dropFirst(place).first ?? "(end)")
        Issue.record(
            "\(name):\(place + 1) differs\nexpected: \(expected)\nactual:   \(found)", sourceLocation: sourceLocation)
    }
}
