import ArgumentParser
import Foundation
import Load
import Report

struct MergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge", abstract: "Make one result of loads made side by side, such as on several machines.",
        discussion: "Begin the loads together with `gauntlet load --start-at`.")

    @Argument(help: ArgumentHelp("Results that load --json has written.", valueName: "file"))
    var files: [String]

    @OptionGroup var reports: LoadReportOptions

    func run() throws {
        var results: [LoadResult] = []
        var parts: [(path: String, thresholds: [LoadDocument.Threshold])] = []
        for file in files {
            guard let data = try? Data(contentsOf: URL(filePath: file)) else {
                StandardError.write("error: \(file) cannot be read")
                throw ExitStatus.invalid
            }
            do throws(UnreadableResult) { results.append(try LoadResult(reading: data)) } catch {
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
        for (file, result) in zip(files, results) where !result.overlaps(results[0]) {
            StandardError.write(
                "warning: \(file) was not made at the time of \(files[0]); rates are told as if it had been")
        }
        let thresholds = merged.thresholds(ofParts: parts)
        let isReported = reports.write(merged, thresholds: thresholds)
        var isInvalid = false
        for (file, result) in zip(files, results) {
            for fault in result.generatorFaults {
                isInvalid = true
                StandardError.write("\(file): \(fault)")
            }
        }
        try LoadCommand.judge(merged, thresholds, isCutShort: merged.wasInterrupted || isInvalid)
        if !isReported { throw ExitStatus.notCarriedOut }
    }
}
