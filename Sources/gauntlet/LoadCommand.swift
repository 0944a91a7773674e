import ArgumentParser
import Foundation
import Load
import Report
import Scenario
import ScenarioRunner

struct LoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load", abstract: "Run a scenario under load: many virtual users, every response checked.")

    @Argument(help: "Scenario file; - reads standard input.")
    var file: String

    @OptionGroup var target: TargetOptions

    @OptionGroup var options: LoadShapeOptions

    @OptionGroup var tls: TLSOptions

    @OptionGroup var reports: LoadReportOptions

    @Option(
        name: .customLong("env"),
        help: ArgumentHelp("Use this block of the file's \"environments\".", valueName: "name"))
    var environment: String?

    func run() async throws {
        try reports.check()
        let variables = try target.variables()
        let scenarios = try ScenarioFiles.read([file], variables: Set(variables.keys))
        guard let scenario = scenarios.first, scenarios.count == 1 else {
            throw ValidationError("\(file): load takes exactly one scenario")
        }
        try target.checkVariables(areIn: scenarios)
        if let environment, !scenario.environments.contains(where: { $0.name == environment }) {
            throw ValidationError("--env \(environment): \(file) has no such environment")
        }
        if let reason = Self.reasonNotToRun(scenario, variables) {
            StandardError.write("not run: \(reason)")
            throw ExitStatus.notCarriedOut
        }
        if let reason = options.conflict(with: scenario) {
            StandardError.write("error: \(reason)")
            throw ExitStatus.invalid
        }
        let isStopped = StopFlag()
        let signals = StopSignals(setting: isStopped)
        defer { signals.cancel() }

        let outcome = try await target.withServer(until: isStopped) { base in
            try await load(scenario, base, variables, stop: isStopped)
        }
        let isReported = reports.write(outcome.result, thresholds: outcome.thresholds)
        let fault = outcome.fault.map(ExitStatus.init(of:))
        if fault == .failed { throw ExitStatus.failed }
        try Self.judge(outcome.result, outcome.thresholds, isCutShort: isStopped.isSet)
        if let fault { throw fault }
        if !isReported { throw ExitStatus.notCarriedOut }
    }

    private struct Outcome {
        var result: LoadResult
        var thresholds: [ThresholdOutcome]
        /// What failed in teardown, after the measurement. It has already been reported.
        var fault: Diagnostic?
    }

    private static func reasonNotToRun(_ scenario: Scenario, _ variables: [String: String]) -> String? {
        if let reason = scenario.skipReason { return reason }
        let missing = scenario.missingVariables(given: variables, environment: ProcessInfo.processInfo.environment)
        return missing.isEmpty ? nil : "it needs " + missing.map { "--variable \($0)=…" }.joined(separator: " and ")
    }

    /// Throws the exit status unless the load passed. A failed assertion always counts; a threshold counts only if the
    /// measurement is valid and complete.
    ///
    /// - Parameter isCutShort: whether the run was stopped early.
    static func judge(_ result: LoadResult, _ thresholds: [ThresholdOutcome], isCutShort: Bool) throws {
        if result.responses == 0 {
            StandardError.write("error: no request got a response")
            throw ExitStatus.notCarriedOut
        }
        if result.hasAssertions, !result.wasChecked {
            StandardError.write("error: nothing was checked: no step with an assertion got a response")
            throw ExitStatus.notCarriedOut
        }
        warnOfUncheckedErrors(result, thresholds)
        let status = ExitStatus(result.verdict(thresholds, isCutShort: isCutShort))
        if status != .success { throw status }
    }

    /// A benchmark without assertions passes whatever the responses are, so 5xx responses get a warning.
    private static func warnOfUncheckedErrors(_ result: LoadResult, _ thresholds: [ThresholdOutcome]) {
        let failed = result.statuses.filter { $0.key >= 500 }.values.reduce(0, +)
        guard !result.hasAssertions, thresholds.isEmpty, failed > 0 else { return }
        StandardError.write(
            "warning: \(failed) of \(result.responses) responses have a 5xx status, and no assertion checks the status")
    }

    private func load(
        _ scenario: Scenario, _ base: BaseURL, _ variables: [String: String], stop: StopFlag
    ) async throws -> Outcome {
        do {
            let target = try LoadTarget(
                base, client: scenario.client.overridden(by: tls.client), directory: scenario.file.directory)
            var session = try LoadSession(
                scenario, target: target, options: options.options, variables: variables, environment: environment,
                sources: Self.sources(of: scenario.file))
            let measured: Result<LoadResult, any Error>
            do {
                try session.setUp(stop: stop)
                measured = .success(try await measure(session, scenario, stop))
            } catch {
                if let diagnostic = error as? Diagnostic { Self.tell(diagnostic) }
                measured = .failure(error)
            }
            var fault: Diagnostic?
            do throws(Diagnostic) { try session.tearDown() } catch {
                Self.tell(error)
                fault = error
            }
            let result = try measured.get()
            return Outcome(result: result, thresholds: session.thresholds(of: result), fault: fault)
        } catch let error as InvalidFile {
            error.diagnostics.forEach(Self.tell)
            throw ExitStatus.invalid
        } catch let error as Diagnostic {
            throw ExitStatus(of: error)
        } catch let error as LoadError {
            StandardError.write("error: \(error)")
            throw ExitStatus.notCarriedOut
        }
    }

    /// Runs the measurement and shows its progress.
    private func measure(_ session: LoadSession, _ scenario: Scenario, _ stop: StopFlag) async throws -> LoadResult {
        if stop.isSet {
            StandardError.write("stopped before the load started")
            throw ExitStatus.notCarriedOut
        }
        let run = try session.start(stop: stop)
        var display = LoadDisplay(
            line: LoadProgressLine(
                style: StandardError.style, classes: scenario.load.classes.map(\.name), duration: run.duration))
        while !run.isOver {
            display.update(progress: run.progress, seconds: run.series.summaries)
            try? await Task.sleep(for: .milliseconds(100))
        }
        let result = try run.finish()
        display.finish(seconds: result.seconds)
        return result
    }

    private static func sources(of file: SourceFile) -> TemplateSources {
        TemplateSources(
            environment: ProcessInfo.processInfo.environment, now: { Date().timeIntervalSince1970 },
            readFile: { path in try FileReading.bytes(at: file.resolve(path)) })
    }

    private static func tell(_ diagnostic: Diagnostic) {
        StandardError.write(DiagnosticRenderer(style: StandardError.style).render(diagnostic) + "\n")
    }
}

extension ExitStatus {
    /// An unmet expectation is a failure; anything else means that the run could not be carried out.
    fileprivate init(of fault: Diagnostic) {
        self = [.assertion, .capture].contains(fault.code) ? .failed : .notCarriedOut
    }
}
