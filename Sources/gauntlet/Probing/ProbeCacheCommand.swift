import ArgumentParser
import Probe
import ProbeRunner
import Report
import Scenario
import ScenarioRunner

struct ProbeCacheCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cache", abstract: "Find out lifetime, freshness and scope of a cache.",
        discussion: """
            Writes new values with one step of a scenario and reads them with another. The writing step must write \
            another value each time, such as {{uuid()}}. What the evidence does not settle stays unknown. The exit code \
            is 4 if users are shown each other's data, 0 if a cache was found or ruled out, otherwise 3.
            """)

    @Argument(help: "Scenario file.")
    var file: String

    @Option(name: .customLong("write"), help: ArgumentHelp("Step that writes a new value.", valueName: "id"))
    var writeStep: String

    @Option(name: .customLong("read"), help: ArgumentHelp("Step that reads it.", valueName: "id"))
    var readStep: String

    @Option(help: ArgumentHelp("Maximum number of requests at the same time.", valueName: "n"))
    var concurrency: Int = 16

    @Option(
        help: ArgumentHelp("Write a scenario that passes as long as the cache behaves like this.", valueName: "file"))
    var pin: String?

    @OptionGroup var budget: ProbeBudgetOptions

    @OptionGroup var target: TargetOptions

    @OptionGroup var tls: TLSOptions

    @OptionGroup var reports: ReportOptions<ProbeResult>

    func validate() throws {
        guard (1...1000).contains(concurrency) else {
            throw ValidationError("--concurrency \(concurrency): expected 1 to 1000")
        }
        try PinnedFile(path: pin, scenario: file).check()
    }

    func run() async throws {
        let (result, pinned) = try await StopSignals.handled { stopFlag in
            try await target.withServer(until: stopFlag) { base in try await probe(base, until: stopFlag) }
        }
        let isSaved = PinnedFile(path: pin, scenario: file).save(pinned?.text, "the cache")
        try reports.conclude(result)
        if !isSaved { throw ExitStatus.notCarriedOut }
    }

    private func probe(_ base: BaseURL, until stopFlag: StopFlag) async throws -> (ProbeResult, PinnedCache?) {
        try budget.announce(for: base)
        let session = try target.probeSession(file, base, tls.client, until: stopFlag)
        let outcome = await Threads.run { () -> Result<(ProbeResult, PinnedCache?), Diagnostic> in
            Result { () throws(Diagnostic) in try probe(session, until: stopFlag) }
        }
        do { return try outcome.get() } catch {
            StandardError.write(error)
            throw ExitStatus.notCarriedOut
        }
    }

    private func probe(
        _ session: ProbeSession, until stopFlag: StopFlag
    ) throws(Diagnostic) -> (ProbeResult, PinnedCache?) {
        let states = try session.setUp()
        defer { if let failure = session.tearDown(states) { StandardError.write(failure) } }
        var users: [CacheUser] = []
        for (number, state) in states.enumerated() {
            users.append(
                CacheUser(
                    reads: try session.requests(of: readStep, by: state, number: number),
                    writes: try session.requests(of: writeStep, by: state, number: number), cookies: state.cookies))
        }
        let written = try session.writtenValue(of: writeStep, users[0].writes)
        var options = CacheProbeOptions(requests: budget.budget.requests, seconds: budget.budget.seconds)
        options.users = users.count
        options.concurrency = concurrency
        options.variedFields = CacheTraffic.varied.map(\.name)
        let traffic = CacheTraffic(users, session.settings, written: written, stopFlag: stopFlag)
        let findings = run(options, traffic, until: stopFlag)
        let result = ProbeResult(
            target: "\(file) \(readStep)", subject: .cache(findings), budget: (options.requests, budget.budget.time),
            failure: traffic.failure)
        let source = session.scenario.file
        return (
            result,
            PinnedCache(
                findings, write: .step(writeStep, source), read: .step(readStep, source), summary: result.summary)
        )
    }

    private func run(
        _ options: CacheProbeOptions, _ traffic: CacheTraffic, until stopFlag: StopFlag
    ) -> CacheFindings {
        var display = ProbeDisplay()
        defer { display.erase() }
        var run = CacheProbeRun(options, traffic, stopFlag: stopFlag)
        return run.run { probe in
            let seconds = max(0, options.seconds - traffic.now).rounded()
            display.update(
                probe.currentStage.description,
                budget: "\(probe.requestsLeft) requests, \(Duration.seconds(Int(seconds)).shortText)"
            ) {
                var ended = probe
                ended.stop()
                return ProbeResult(target: "", subject: .cache(ended.result), budget: (0, .zero)).rows
            }
        }
    }
}
