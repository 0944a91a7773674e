import ArgumentParser
import Foundation
import Report
import Scenario
import ScenarioRunner

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run each scenario once and report the results.")

    @Argument(help: "Scenario files or directories; - reads standard input.")
    var files: [String] = []

    @OptionGroup var target: TargetOptions

    @OptionGroup var selection: SelectionOptions

    @OptionGroup var connection: ConnectionOptions

    @Option(help: ArgumentHelp("Use this block of the files' \"environments\".", valueName: "name"))
    var env: String?

    @OptionGroup var reports: ReportOptions

    // The default is high because scenarios mostly wait: for the server, and for rate-limit windows to end.
    @Option(help: "Number of scenarios to run concurrently.")
    var jobs: Int = 16

    @Option(name: .customLong("repeat"), help: "Number of times to run every scenario.")
    var repetitions: Int = 1

    @Option(help: ArgumentHelp("Time limit for each scenario, such as 30s.", valueName: "duration"))
    var timeout: Duration?

    @Flag(help: "Start no further scenarios once one has failed or errored.")
    var failFast = false

    @Flag(help: "Print the requests as curl commands without sending them.")
    var dryRun = false

    /// The scenario files, including those that follow --report.
    private var paths: [String] { files + reports.otherWords }

    func validate() throws {
        guard !paths.isEmpty else { throw ValidationError("no scenarios given: name files or directories") }
        guard jobs >= 1 else { throw ValidationError("--jobs \(jobs): must be at least 1") }
        guard repetitions >= 1 else { throw ValidationError("--repeat \(repetitions): must be at least 1") }
        if let timeout, timeout <= .zero {
            throw ValidationError("--timeout \(timeout.shortText): must be greater than zero")
        }
        if dryRun, !reports.isEmpty {
            throw ValidationError("--dry-run sends no requests to report: drop --dry-run or --report")
        }
    }

    func run() async throws {
        let variables = try target.variables()
        let all = try ScenarioFiles.read(paths, variables: Set(variables.keys))
        try target.checkVariables(areIn: all)
        let scenarios = try selection.select(all)
        if let env, !scenarios.contains(where: { $0.environments.contains { $0.name == env } }) {
            let known = Set(scenarios.flatMap(\.environments).map(\.name)).sorted()
            throw ValidationError(
                "--env \(env): no file has this environment"
                    + (Suggestion.help(for: env, among: known).map { "; \($0)" } ?? ""))
        }
        guard !dryRun else { return try printRequests(of: scenarios, variables) }

        let isStopped = StopFlag()
        let signals = StopSignals(setting: isStopped)
        defer { signals.cancel() }
        let view = RunView(isShown: !reports.takesStandardOutput)
        let drawing = Task { await view.keepDrawing() }
        defer {
            drawing.cancel()
            view.end()
        }
        let isNeeded = scenarios.contains(where: \.needsBase)
        let result = try await target.withServer(isNeeded: isNeeded, until: isStopped) { base in
            var runner = ScenarioRunner(base: base)
            runner.variables = variables
            runner.environment = ProcessInfo.processInfo.environment
            runner.environmentBlock = env
            runner.client = connection.client
            runner.jobs = jobs
            runner.repetitions = repetitions
            runner.timeout = timeout
            runner.failFast = failFast
            runner.onEvent = view.show
            return await runner.run(scenarios, isStopped: isStopped)
        }
        view.finish(result)
        let isReported = try reports.write(result)
        if result.verdict == .undecided(.nothingChecked) {
            StandardError.write("error: nothing was checked: \(Self.reasonForNoChecks(result))")
        }
        let status = ExitStatus(result.verdict)
        if status != .success { throw status }
        if !isReported { throw ExitStatus.notCarriedOut }
    }

    private static func reasonForNoChecks(_ result: RunResult) -> String {
        result.outcome == .skipped
            ? "every scenario was skipped" : "no assertion was evaluated; add \"expect\" or \"expectAll\" to a step"
    }

    private func printRequests(of scenarios: [Scenario], _ variables: [String: String]) throws {
        let style = StandardOutput.style
        var dryRun = DryRun(base: try target.base() ?? .unknown)
        dryRun.variables = variables
        dryRun.environment = ProcessInfo.processInfo.environment
        dryRun.environmentBlock = env
        dryRun.client = connection.client
        for (scenario, row, label) in scenarios.flatMap(Self.dryRuns) {
            let (name, path) = (scenario.name + label, scenario.file.path)
            let printable = DiagnosticRenderer.printable
            StandardOutput.write(style(.bold, printable(name)) + style(.dim, "  \(printable(path))"))
            do throws(Diagnostic) {
                for line in try dryRun.lines(of: scenario, row: row) {
                    StandardOutput.write("  \(printable(line.step)) " + style(.dim, "(\(line.manner))"))
                    if let exchange = line.exchange {
                        StandardOutput.write("    \(printable(CurlCommand.render(exchange)))")
                    }
                }
            } catch {
                StandardError.write(DiagnosticRenderer(style: StandardError.style).render(error))
                throw ExitStatus.invalid
            }
            StandardOutput.write("")
        }
    }

    /// The scenario with each row that a run would use. If a run picks one row, the first one stands in.
    private static func dryRuns(of scenario: Scenario) -> [(Scenario, DataRows.Row, label: String)] {
        guard scenario.data?.order == .every else { return [(scenario, scenario.data?.rows.first ?? [], "")] }
        return scenario.labelledRows.map { (scenario, $0.row, " [\($0.label)]") }
    }
}

extension BaseURL {
    /// A placeholder for the server that only a real run starts.
    fileprivate static var unknown: BaseURL {
        guard let base = BaseURL("http://127.0.0.1") else { preconditionFailure("this is a URL") }
        return base
    }
}
