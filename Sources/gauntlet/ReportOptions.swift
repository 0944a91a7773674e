import ArgumentParser
import Report
import Scenario
import ScenarioRunner

/// Reports of a run that are written to files.
struct ReportOptions: ParsableArguments {
    @Option(
        name: .customLong("report"), parsing: .upToNextOption,
        help: ArgumentHelp(
            "Write a report (\(Self.formats)); - is standard output. Accepts several: json=run.json html=run.html.",
            valueName: "format=path"))
    private var words: [String] = []

    private static let formats = RunReport.Format.allCases.map(\.rawValue).joined(separator: ", ")

    /// Words after --report that are not reports: scenario files may follow it.
    var otherWords: [String] { words.filter { !$0.contains("=") } }

    func validate() throws {
        for (_, file) in try reports() where file.path != Self.standardOutput {
            do { try file.check() } catch { throw ValidationError("\(error)") }
        }
    }

    private static let standardOutput = "-"

    var isEmpty: Bool { words.allSatisfy { !$0.contains("=") } }

    /// Whether a report is written to standard output.
    var takesStandardOutput: Bool { words.contains { $0.hasSuffix("=" + Self.standardOutput) } }

    /// Writes every report, even if an earlier one fails.
    ///
    /// - Returns: whether all of them were written. Each failure has been reported on standard error.
    func write(_ result: RunResult) throws -> Bool {
        var isWritten = true
        for (format, file) in try reports() {
            do {
                let text = try format.render(result)
                if file.path == Self.standardOutput { StandardOutput.writeRaw(text) } else { try file.write(text) }
            } catch {
                StandardError.write("error: \(error)")
                isWritten = false
            }
        }
        return isWritten
    }

    private func reports() throws -> [(format: RunReport.Format, file: ReportFile)] {
        let reports = try words.filter { $0.contains("=") }.map(Self.parse)
        for (index, report) in reports.enumerated() where reports[..<index].contains(where: { $0.file == report.file })
        {
            throw ValidationError("--report: two reports would be written to \(report.file.path)")
        }
        return reports
    }

    private static func parse(_ word: String) throws -> (format: RunReport.Format, file: ReportFile) {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        guard let format = RunReport.Format(rawValue: name) else {
            let names = RunReport.Format.allCases.map(\.rawValue)
            let help = Suggestion.help(for: name, among: names).map { "; \($0)" } ?? ""
            throw ValidationError("--report \(word): unknown format \"\(name)\"\(help)")
        }
        guard !parts[1].isEmpty else { throw ValidationError("--report \(word): expected FORMAT=PATH") }
        return (format, ReportFile(path: String(parts[1])))
    }
}
