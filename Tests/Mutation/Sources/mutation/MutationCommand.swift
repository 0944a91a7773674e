import ArgumentParser
import Foundation
import Mutants

@main
struct MutationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mutation",
        abstract: "Change the code in small ways and check that the tests notice.",
        discussion: "Prints the share of the changes that the tests notice, and every change that they do not notice.")

    @Argument(help: "Folders below Sources, such as Load, Load=200 or Scenario/Matching. Default: all of the harness.")
    var folders: [String] = MutatedModule.harness

    @Option(help: "Number of mutants per target, chosen at random; 0 for all.")
    var sample = 200

    @Option(help: "Seed of the choice.")
    var seed: UInt64 = 1

    @Option(help: "Run no further mutant of a target after this many minutes.")
    var minutes: Int?

    @Flag(help: "Run the mutants that survived an earlier run again, such as after adding a test.")
    var retrySurvivors = false

    @Option(help: "Leave out suites that take more seconds than this. The score is then lower than it could be.")
    var longestSuite: Double?

    @Option(help: "The checkout.")
    var checkout = "."

    @Option(help: "Where the copy is made and built. Default: .build/mutation/copy in the checkout.")
    var copy: String?

    @Option(
        help: "Where results are kept, so that a run can be resumed. Default: .build/mutation/state in the checkout.")
    var state: String?

    @Option(help: "Command that builds the copy.")
    var buildCommand = "swift build"

    @Option(help: "Command that the tests are started with, such as \"nice -n 10\".")
    var testPrefix = ""

    @Flag(help: "Build the mutants and exit. The next run needs no build.")
    var buildOnly = false

    @Flag(help: "Print the mutants of the sample and exit. Some of them may not type-check.")
    var list = false

    func validate() throws {
        guard sample >= 0 else { throw ValidationError("--sample must not be negative") }
    }

    func run() throws {
        let root = URL(filePath: checkout)
        let build = root.appending(path: ".build/mutation")
        let workingCopy = WorkingCopy(
            checkout: root, copy: copy.map { URL(filePath: $0) } ?? build.appending(path: "copy"))
        let reviewed = root.appending(path: "Tests/Mutation/equivalent.txt")
        let equivalents = try EquivalentMutants(parsing: String(contentsOf: reviewed, encoding: .utf8))
        let options = MutationRun.Options(
            sample: sample == 0 ? nil : sample, seed: seed, retriesSurvivors: retrySurvivors, minutes: minutes,
            longestSuite: longestSuite, buildCommand: words(buildCommand), testPrefix: words(testPrefix))
        var run = try MutationRun(
            MutatedModule.modules(folders), copy: workingCopy,
            state: state.map { URL(filePath: $0) } ?? build.appending(path: "state"), options: options,
            equivalents: equivalents)
        if list {
            for mutant in zip(run.modules, run.candidates).flatMap({ $1.prefix(run.count($0)) }) {
                say(EquivalentMutants.template(for: mutant) + "\n")
            }
            return
        }
        if buildOnly {
            _ = try run.build()
            return
        }
        let results = try run.results()
        for result in results where result.outcome.isSurvivor { say("\n" + result.diff) }
        say("\n" + ScoreTable(results).text)
    }

    private func words(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }
}
