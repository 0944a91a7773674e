import ArgumentParser
import Foundation
import Load
import Report

struct MergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge", abstract: "Merge the results of concurrent load runs, such as from several machines.",
        discussion: "Use `gauntlet load --start-at` to start the runs at the same time.")

    @Argument(help: ArgumentHelp("Results written by `gauntlet load --json`.", valueName: "file"))
    var files: [String]

    @OptionGroup var reports: LoadReportOptions

    func run() throws {
        var results: [(name: String, result: LoadResult)] = []
        var parts: [(path: String, thresholds: [LoadDocument.Threshold])] = []
        for file in files {
            guard let data = try? Data(contentsOf: URL(filePath: file)) else {
                StandardError.write("error: \(file) cannot be read")
                throw ExitStatus.invalid
            }
            do throws(UnreadableResult) { results.append((file, try LoadResult(reading: data))) } catch {
                StandardError.write("error: \(file): \(error)")
                throw ExitStatus.invalid
            }
            parts.append((file, LoadDocument.thresholds(reading: data)))
        }
        let merged: LoadResult
        do throws(UnmergeableResults) { merged = try LoadResult.merging(results) } catch {
            StandardError.write("error: \(error)")
            throw ExitStatus.invalid
        }
        for note in Self.alignments(results) { StandardError.write(note) }
        let thresholds = merged.thresholds(ofParts: parts)
        let isReported = reports.write(merged, thresholds: thresholds)
        try LoadCommand.judge(merged, thresholds, isCutShort: merged.wasInterrupted)
        if !isReported { throw ExitStatus.notCarriedOut }
    }

    /// Notes on runs that did not start a whole number of seconds after the first.
    private static func alignments(_ results: [(name: String, result: LoadResult)]) -> [String] {
        guard let first = results.max(by: { $0.result.secondsAfter($1.result) < 0 }) else { return [] }
        return results.compactMap { name, result in
            let offset = result.secondsAfter(first.result)
            let milliseconds = Int(((offset - offset.rounded()) * 1000).rounded().magnitude)
            guard milliseconds >= 10 else { return nil }
            return "note: the seconds of \(name) are \(milliseconds) ms off those of \(first.name); "
                + "aligning to the nearest second"
        }
    }
}
