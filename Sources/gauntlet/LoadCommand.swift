import ArgumentParser
import Foundation
import Load
import Observe
import Report
import Scenario
import ScenarioRunner

struct LoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load", abstract: "Run a scenario under load: many virtual users, every response checked.")

    @Argument(help: ArgumentHelp("Scenario file; - reads standard input.", valueName: "file"))
    var files: [String] = []

    @OptionGroup var target: TargetOptions

    @OptionGroup var options: LoadShapeOptions

    @OptionGroup var observation: ObserveOptions
    @Option(
        help: ArgumentHelp(
            "Record every request of the load, warm-up included, in a file for `gauntlet audit`.", valueName: "file"))
    var trace: String?

    @OptionGroup var tls: TLSOptions

    @OptionGroup var reports: ReportOptions<EvaluatedLoad>

    /// The scenario file, which may follow --report.
    private var paths: [String] { files + reports.otherWords }

    func validate() throws {
        guard !paths.isEmpty else { throw ValidationError("no scenario given: name a file") }
    }

    func run() async throws {
        let variables = try target.variables()
        let scenario = try readScenario(variables)
        if let reason = scenario.reasonNotToRun(given: variables, environment: ProcessInfo.processInfo.environment) {
            StandardError.write("not run: \(reason)")
            throw ExitStatus.notCarriedOut
        }
        if let reason = options.conflict(with: scenario) {
            StandardError.write("error: \(reason)")
            throw ExitStatus.invalid
        }
        let result = try await StopSignals.handled { isStopped in
            try await target.withServedProcess(until: isStopped) { base, process in
                try await load(
                    scenario, base, variables, observing: observation.sources(served: process), stop: isStopped)
            }
        }
        try reports.conclude(result)
    }

    private func readScenario(_ variables: [String: String]) throws -> Scenario {
        let scenarios = try target.read(paths, variables)
        guard let scenario = scenarios.first, scenarios.count == 1 else {
            throw ValidationError("\(paths.joined(separator: ", ")): load takes exactly one scenario")
        }
        try target.checkEnvironment(isIn: scenarios)
        return scenario
    }

    private func load(
        _ scenario: Scenario, _ base: BaseURL, _ variables: [String: String], observing sources: [ObservationSource],
        stop: StopFlag
    ) async throws -> EvaluatedLoad {
        do {
            let server = try LoadTarget(
                base, client: scenario.client.overridden(by: tls.client), directory: scenario.file.directory)
            var shape = options.options
            shape.trace = trace
            var session = try LoadSession(
                scenario, target: server, options: shape, variables: variables,
                environment: target.environment, sources: Self.sources(of: scenario.file))
            return try await session.run(observing: sources, stop: stop, onFault: StandardError.write) { run in
                await LoadDisplay.follow(run, classes: scenario.load.classes.map(\.name))
            }
        } catch let error as InvalidFile {
            for diagnostic in error.diagnostics { StandardError.write(diagnostic) }
            throw ExitStatus.invalid
        } catch let error as Diagnostic {
            throw error.isEvidence ? ExitStatus.failed : .notCarriedOut
        } catch let error as LoadError {
            StandardError.write("error: \(error)")
            throw ExitStatus.notCarriedOut
        }
    }

    private static func sources(of file: SourceFile) -> TemplateSources {
        TemplateSources(
            environment: ProcessInfo.processInfo.environment, now: { Date().timeIntervalSince1970 },
            readFile: { path in try FileReading.bytes(at: file.resolve(path)) })
    }
}
