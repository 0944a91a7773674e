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
        for file in files {
            guard let data = try? Data(contentsOf: URL(filePath: file)) else {
                StandardError.write("error: \(file) cannot be read")
                throw ExitStatus.invalid
            }
            do throws(UnreadableResult) { results.append(try LoadResult(reading: data)) } catch {
                StandardError.write("error: \(file): \(error)")
                throw ExitStatus.invalid
            }
        }
        let merged: LoadResult
        do throws(UnmergeableResults) { merged = try LoadResult.merging(results) } catch {
            StandardError.write("error: \(error)")
            throw ExitStatus.invalid
        }
        try reports.write(merged)
    }
}
