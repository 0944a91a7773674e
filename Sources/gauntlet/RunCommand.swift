import ArgumentParser
import Foundation
import Report
import Scenario
import ScenarioRunner
import Trace

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run each scenario once and report the results.")

    @Argument(help: "Scenario files or directories; - reads standard input.")
    var files: [String] = []

    @OptionGroup var target: TargetOptions

    @OptionGroup var selection: SelectionOptions

    @OptionGroup var connection: ConnectionOptions

    @OptionGroup var reports: ReportOptions<RunResult>

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

    @Option(
        help: ArgumentHelp("Record every request of the run in a file for `gauntlet audit`.", valueName: "file"))
    var trace: String?

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
        if dryRun, trace != nil {
            throw ValidationError("--dry-run sends no requests to record: drop --dry-run or --trace")
        }
    }

    func run() async throws {
        let variables = try target.variables()
        let scenarios = try selection.select(try target.read(paths, variables))
        try target.checkEnvironment(isIn: scenarios)
        guard !dryRun else { return try printRequests(of: scenarios, variables) }

        let trace = try openTrace()
        let view = RunView(isShown: !reports.takesStandardOutput)
        let result = try await StopSignals.handled { isStopped in
            let drawing = Task { await view.keepDrawing() }
            defer {
                drawing.cancel()
                view.end()
            }
            let isNeeded = scenarios.contains(where: \.needsBase)
            return try await target.withServer(isNeeded: isNeeded, until: isStopped) { base in
                await runner(base, variables, trace, view).run(scenarios, isStopped: isStopped)
            }
        }
        view.finish(result)
        let recorded = trace?.finish()
        if let note = recorded?.note { StandardError.write(note) }
        try reports.conclude(result, isShown: true)
        if let recorded, !recorded.isComplete { throw ExitStatus.notCarriedOut }
    }

    /// Creates the trace file before anything is sent.
    private func openTrace() throws -> RunTrace? {
        do throws(TraceWriteError) {
            return try trace.map { path throws(TraceWriteError) in try RunTrace(path: path) }
        } catch {
            StandardError.write("error: \(error)")
            throw ExitStatus.notCarriedOut
        }
    }

    private func runner(_ base: BaseURL, _ variables: [String: String], _ trace: RunTrace?, _ view: RunView)
        -> ScenarioRunner
    {
        var runner = ScenarioRunner(base: base)
        runner.variables = variables
        runner.environment = ProcessInfo.processInfo.environment
        runner.environmentBlock = target.environment
        runner.client = connection.client
        runner.jobs = jobs
        runner.repetitions = repetitions
        runner.timeout = timeout
        runner.failFast = failFast
        runner.trace = trace
        runner.onEvent = view.show
        return runner
    }
}
