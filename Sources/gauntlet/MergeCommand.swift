import ArgumentParser
import Foundation
import Load
import Report

struct MergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge", abstract: "Merge the results of concurrent load runs, such as from several machines.",
        discussion: "Use `gauntlet load --start-at` to start the runs at the same time.")

    @Argument(help: ArgumentHelp("Results written by `gauntlet load --report json=file`.", valueName: "file"))
    var files: [String] = []

    @OptionGroup var reports: ReportOptions<EvaluatedLoad>

    /// The files, including those that follow --report.
    private var paths: [String] { files + reports.otherWords }

    func validate() throws {
        guard !paths.isEmpty else { throw ValidationError("no results given: name their files") }
    }

    func run() throws {
        var parts: [(name: String, load: EvaluatedLoad)] = []
        for path in paths { parts.append((path, try Self.read(path))) }
        let merged: EvaluatedLoad
        do throws(UnmergeableResults) { merged = try EvaluatedLoad.merging(parts) } catch {
            StandardError.write("error: \(error)")
            throw ExitStatus.invalid
        }
        try reports.conclude(merged)
    }

    private static func read(_ path: String) throws -> EvaluatedLoad {
        let bytes = try ScenarioFiles.bytes(at: path)
        do throws(UnreadableResult) { return try EvaluatedLoad(reading: Data(bytes)) } catch {
            StandardError.write("error: \(path): \(error)")
            throw ExitStatus.invalid
        }
    }
}
