import ArgumentParser
import Foundation
import Load
import Report
import Scenario
import ScenarioRunner

struct LoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load", abstract: "Make load with a scenario: many virtual users, every response checked.")

    @Argument(help: "A scenario file.")
    var file: String

    @OptionGroup var target: TargetOptions

    @Option(help: "How many virtual users; goes before the file's.")
    var virtualUsers: Int?

    @Option(help: "How long to measure, such as 10s; goes before the file's.")
    var duration: Duration?

    @Option(help: "How long to run before measuring; goes before the file's.")
    var warmUp: Duration?

    @Option(help: "How many threads make load; one a core by default.")
    var threads: Int?

    @Option(help: ArgumentHelp("Write the result as JSON to this file; - is standard output.", valueName: "file"))
    var json: String?

    func validate() throws {
        if let virtualUsers, virtualUsers < 1 { throw ValidationError("--virtual-users \(virtualUsers): at least 1") }
        if let threads, threads < 1 { throw ValidationError("--threads \(threads): at least 1") }
        if let duration, duration <= .zero { throw ValidationError("--duration: longer than zero") }
    }

    func run() async throws {
        let variables = try target.variables()
        let scenarios = try ScenarioFiles.read([file], variables: Set(variables.keys))
        guard let scenario = scenarios.first, scenarios.count == 1 else {
            throw ValidationError("\(file): load is made with one scenario at a time")
        }
        let isStopped = StopFlag()
        let signals = StopSignals(setting: isStopped)
        defer { signals.cancel() }

        let result = try await target.withServer { base in
            try await load(scenario, base, variables, stop: StopRequest { isStopped.isSet })
        }
        if json != "-" { StandardOutput.write(LoadTextReport(style: StandardOutput.style).text(of: result)) }
        try write(result)
        if result.responses == 0 { throw ExitStatus.notCarriedOut }
        if result.failedAssertions > 0 || result.errors > 0 { throw ExitStatus.failed }
    }

    private func load(
        _ scenario: Scenario, _ base: BaseURL, _ variables: [String: String], stop: StopRequest
    ) async throws -> LoadResult {
        do {
            let target = try LoadTarget(url: base.text, host: base.host, port: base.port, isTLS: base.isTLS)
            var session = try LoadSession(
                scenario, target: target, options: options, variables: variables,
                sources: Self.sources(of: scenario.file))
            try session.setUp()
            let measured: Result<LoadResult, any Error>
            do { measured = .success(try await measure(session, scenario, stop)) } catch { measured = .failure(error) }
            try session.tearDown()
            return try measured.get()
        } catch let error as InvalidFile {
            error.diagnostics.forEach(Self.tell)
            throw ExitStatus.invalid
        } catch let error as Diagnostic {
            Self.tell(error)
            throw [.assertion, .capture].contains(error.code) ? ExitStatus.failed : .notCarriedOut
        } catch let error as LoadError {
            StandardError.write("error: \(error)")
            throw ExitStatus.notCarriedOut
        }
    }

    /// Shows how the load goes on until it is over.
    private func measure(_ session: LoadSession, _ scenario: Scenario, _ stop: StopRequest) async throws -> LoadResult {
        let run = try session.start(stop: stop)
        var display = LoadDisplay(
            line: LoadProgressLine(
                style: StandardError.style, classes: scenario.load.classes.map(\.name), duration: run.duration))
        while run.progress < 1, !stop.isRaised {
            display.update(progress: run.progress, seconds: run.series.summaries)
            try? await Task.sleep(for: .milliseconds(100))
        }
        let result = try run.finish()
        display.finish(seconds: result.seconds)
        return result
    }

    private var options: LoadOptions {
        var options = LoadOptions()
        options.virtualUsers = virtualUsers
        options.duration = duration
        options.warmUp = warmUp
        options.threads = threads
        return options
    }

    private static func sources(of file: SourceFile) -> TemplateSources {
        let directory = URL(filePath: file.path).deletingLastPathComponent().path()
        return TemplateSources(
            environment: ProcessInfo.processInfo.environment, now: { Date().timeIntervalSince1970 },
            readFile: { path in
                Array(try Data(contentsOf: URL(filePath: path.hasPrefix("/") ? path : "\(directory)/\(path)")))
            })
    }

    private static func tell(_ diagnostic: Diagnostic) {
        StandardError.write(DiagnosticRenderer(style: StandardError.style).render(diagnostic) + "\n")
    }

    private func write(_ result: LoadResult) throws {
        guard let json else { return }
        let data = try LoadJSONReport(result).encoded()
        if json == "-" {
            FileHandle.standardOutput.write(data)
            return
        }
        do { try data.write(to: URL(filePath: json)) } catch {
            StandardError.write("error: \(json) cannot be written: \(error.localizedDescription)")
            throw ExitStatus.notCarriedOut
        }
    }
}

extension Duration: @retroactive ExpressibleByArgument {
    public init?(argument: String) { self.init(parsing: argument) }
}
