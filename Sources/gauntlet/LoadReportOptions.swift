import ArgumentParser
import Foundation
import Load
import Report

/// Where the result of a load goes, beside the terminal.
struct LoadReportOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Write the result as JSON to this file; - is standard output. Schema: `gauntlet schema load-report`.",
            valueName: "file"))
    var json: String?

    @Option(
        help: ArgumentHelp(
            "Write one CSV row per step and class to this file; - is standard output.", valueName: "file"))
    var csv: String?

    func validate() throws {
        if json == "-", csv == "-" {
            throw ValidationError("--json and --csv cannot both be written to standard output")
        }
        if let json, let csv, Self.file(json) == Self.file(csv), !json.hasPrefix("/dev/") {
            throw ValidationError("--json and --csv cannot both be written to \(json)")
        }
    }

    /// The one path that a file has, whatever links lead to it.
    private static func file(_ path: String) -> URL {
        let url = URL(filePath: path).standardizedFileURL
        return url.deletingLastPathComponent().resolvingSymlinksInPath().appending(path: url.lastPathComponent)
    }

    /// Whether the files can be written, as far as can be known before the run.
    func check() throws {
        do throws(ReportFileError) {
            for path in [json, csv].compactMap(\.self) where path != "-" { try ReportFile(path: path).check() }
        } catch {
            StandardError.write("error: \(error)")
            throw ExitStatus.usage
        }
    }

    /// Writes every report; one that cannot be written keeps no other from being written.
    ///
    /// - Returns: whether all of them were written. Each failure has been reported on standard error.
    func write(_ result: LoadResult, thresholds: [ThresholdOutcome] = []) -> Bool {
        if json != "-", csv != "-" {
            let report = LoadTextReport(style: StandardOutput.style)
            StandardOutput.write(report.text(of: result, thresholds: thresholds))
        }
        var isWritten = true
        if let json {
            let isJSONWritten = write(to: json) {
                String(decoding: try LoadDocument(result, thresholds: thresholds).encoded(), as: UTF8.self)
            }
            isWritten = isJSONWritten && isWritten
        }
        if let csv {
            let isCSVWritten = write(to: csv) { LoadCSVReport(result).text }
            isWritten = isCSVWritten && isWritten
        }
        return isWritten
    }

    private func write(to path: String, _ render: () throws -> String) -> Bool {
        do {
            let text = try render()
            if path == "-" { StandardOutput.writeRaw(text) } else { try ReportFile(path: path).write(text) }
            return true
        } catch {
            StandardError.write("error: \(error)")
            return false
        }
    }
}
