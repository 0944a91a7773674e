import ArgumentParser
import Foundation
import Report
import Scenario
import ScenarioRunner

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run scenarios once each and say what holds.")

    @Argument(help: "Scenario files, or directories of them.")
    var files: [String]

    @OptionGroup var target: TargetOptions

    @Option(help: "How many scenarios run at once; as many as cores by default.")
    var jobs: Int = ProcessInfo.processInfo.activeProcessorCount

    @Flag(help: "Stop after the first scenario that does not pass.")
    var failFast = false

    func validate() throws {
        guard jobs >= 1 else { throw ValidationError("--jobs \(jobs): at least 1") }
    }

    func run() async throws {
        let variables = try target.variables()
        let scenarios = try ScenarioFiles.read(files, variables: Set(variables.keys))
        let report = RunTextReport(style: StandardOutput.style)
        let isStopped = StopFlag()
        let signals = StopSignals(setting: isStopped)
        defer { signals.cancel() }

        let result = try await target.withServer { base in
            var runner = ScenarioRunner(base: base)
            runner.variables = variables
            runner.environment = ProcessInfo.processInfo.environment
            runner.jobs = jobs
            runner.failFast = failFast
            runner.onEvent = { event in
                if case .finished(let result) = event { StandardOutput.write(report.scenario(result)) }
            }
            return await runner.run(scenarios, isStopped: isStopped)
        }
        StandardOutput.write("\n" + report.summary(result))
        switch result.scenarios.map(\.outcome).max() {
        case .errored: throw ExitStatus.notCarriedOut
        case .failed: throw ExitStatus.failed
        default: break
        }
    }
}
