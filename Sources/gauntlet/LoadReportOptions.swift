import ArgumentParser
import Foundation
import Load
import Report

/// Files that the result of a load is written to.
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

    /// The file's canonical path, with links in its directory resolved.
    private static func file(_ path: String) -> URL {
        let url = URL(filePath: path).standardizedFileURL
        return url.deletingLastPathComponent().resolvingSymlinksInPath().appending(path: url.lastPathComponent)
    }

    /// Checks before the run that the files can be written, as far as that can be known.
    func check() throws {
        do throws(ReportFileError) {
            for path in [json, csv].compactMap(\.self) where path != "-" { try ReportFile(path: path).check() }
        } catch {
            StandardError.write("error: \(error)")
            throw ExitStatus.usage
        }
    }

    /// Writes every report, even if an earlier one cannot be written.
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
