import TestSupport
import Testing

extension Golden {
    /// Compares a report with its golden file and shows the first line that differs.
    static func expect(_ text: String, matches name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let golden = try Self.expected(at: "Tests/ReportTests/Golden/\(name)", for: text)
        guard text != golden else { return }
        let lines = golden.split(separator: "\n", omittingEmptySubsequences: false)
        let actual = text.split(separator: "\n", omittingEmptySubsequences: false)
        let place = zip(lines, actual).enumerated().first { $1.0 != $1.1 }?.offset ?? min(lines.count, actual.count)
        let (expected, found) = (lines.dropFirst(place).first ?? "(end)", actual.dropFirst(place).first ?? "(end)")
        Issue.record(
            "\(name):\(place + 1) differs\nexpected: \(expected)\nactual:   \(found)", sourceLocation: sourceLocation)
    }
}
