import FoundationEssentials
import Glibc
import Scenario
import Synchronization

/// Runs scenarios, several at the same time.
package struct ScenarioRunner: Sendable {
    package var base: BaseURL
    /// Values for variables, from the command line.
    package var variables: [String: String] = [:]
    package var environment: [String: String] = [:]
    /// The maximum number of scenarios that run at the same time.
    package var jobs = 1
    /// Stop after the first scenario that does not pass.
    package var failFast = false
    /// The name of the environment block to use, in scenarios that have it.
    package var environmentBlock: String?
    /// How many times to repeat the whole run.
    package var repetitions = 1
    /// The time limit of each scenario; nil for none.
    package var timeout: Duration?
    /// Overrides the scenarios' own client options.
    package var client = ClientOptions()
    /// Records every request; nil for none.
    package var trace: RunTrace?
    package var onEvent: @Sendable (Event) -> Void = { _ in }

    /// Progress for display. A run is one pass of a scenario; each row of data and each repetition has its own.
    package enum Event: Sendable {
        case planned(runs: Int)
        case started(run: Int, name: String)
        case requests(run: Int, Int)
        case finished(run: Int, ScenarioResult)
    }

    package init(base: BaseURL) { self.base = base }

    /// Runs the scenarios and returns their results in the same order. Those that were not reached are skipped.
    ///
    /// - Parameter isStopped: may be set from any thread; running scenarios then cancel what they wait for and run
    ///   their teardown.
    package func run(_ scenarios: [Scenario], isStopped: StopFlag = StopFlag()) async -> RunResult {
        let start = ContinuousClock.now
        let date = Date()
        let runs = (0..<repetitions).flatMap { iteration in
            scenarios.flatMap { expand($0, iteration: iteration) }
        }
        let work = Work(runs.count, isStopped: isStopped)
        onEvent(.planned(runs: runs.count))
        await run(runs.indices.filter { !runs[$0].scenario.isExclusive }, of: runs, work, jobs: jobs)
        await run(runs.indices.filter { runs[$0].scenario.isExclusive }, of: runs, work, jobs: 1)
        let results = zip(runs, work.results).map { run, result in
            result ?? .skipped(run, work.endReason, secrets(in: run.scenario))
        }
        return RunResult(
            scenarios: results, base: base.secrets.redact(base.text), start: date,
            duration: ContinuousClock.now - start, isInterrupted: isStopped.isSet)
    }

    /// The secrets of a scenario that does not run: its file is shown even then.
    private func secrets(in scenario: Scenario) -> Secrets { scenario.secrets(in: variables.mapValues(JSON.string)) }

    /// The runs of a scenario in one repetition: one, or one for each row of its data.
    private func expand(_ scenario: Scenario, iteration: Int) -> [ScenarioRun] {
        var runs: [ScenarioRun] = []
        let rows = scenario.data?.rows ?? []
        switch scenario.data?.order {
        case .every:
            for (row, label) in scenario.labelledRows {
                runs.append(ScenarioRun(scenario: scenario, iteration: iteration, row: row, label: label))
            }
        case .sequential where !rows.isEmpty:
            runs.append(ScenarioRun(scenario: scenario, iteration: iteration, row: rows[iteration % rows.count]))
        case .random where !rows.isEmpty:
            var random = SystemRandomNumberGenerator()
            let picker = PopularityPicker(scenario.data?.popularity ?? .uniform, count: rows.count)
            let row = rows[picker.pick(using: &random)]
            runs.append(ScenarioRun(scenario: scenario, iteration: iteration, row: row))
        case .sequential, .random, nil: runs.append(ScenarioRun(scenario: scenario, iteration: iteration))
        }
        return runs.map { run in
            var run = run
            if repetitions > 1 {
                run.label = ([run.label, "run \(iteration + 1)"].compactMap { $0 }).joined(separator: ", ")
            }
            return run
        }
    }

    /// libcurl blocks, so each running scenario has its own thread, outside the cooperative pool.
    private func run(_ indices: [Int], of runs: [ScenarioRun], _ work: Work, jobs: Int) async {
        let next = Atomic<Int>(0)
        await Threads.run(min(jobs, indices.count)) {
            while work.endReason == nil {
                let place = next.add(1, ordering: .relaxed).oldValue
                guard place < indices.count else { return }
                let index = indices[place]
                onEvent(.started(run: index, name: runs[index].name))
                var result = self.run(runs[index], at: index, work)
                result.name = runs[index].name
                work.set(result, at: index)
                onEvent(.finished(run: index, result))
                if failFast, result.outcome > .skipped { work.hasFailed.set() }
            }
        }
    }

    private func run(_ run: ScenarioRun, at index: Int, _ work: Work) -> ScenarioResult {
        let (addresses, calls) = (work.addresses, work.calls)
        let scenario = run.scenario
        let secrets = secrets(in: scenario)
        if let reason = scenario.reasonNotToRun(given: variables, environment: environment) {
            return .skipped(scenario, reason, secrets)
        }
        var settings = ConnectionSettings(base: base)
        settings.options = scenario.client.overridden(by: client)
        settings.directory = scenario.file.directory
        switch scenario.client.address ?? .own {
        case .own, .each:
            if base.isIPv4Loopback, settings.reachesHostItself { settings.address = SourceAddress(addresses.take()) }
        case .shared: settings.address = nil
        case .fixed(let address): settings.address = SourceAddress(address, isDemanded: true)
        }
        let connection = settings
        let context = TemplateContext(
            environment: environment, iteration: run.iteration, now: { Date().timeIntervalSince1970 },
            readFile: { path in try FileReading.bytes(at: connection.path(path)) })
        let scope: Scope
        do throws(Diagnostic) {
            scope = try scenario.initialScope(
                given: variables, row: run.row, environment: environmentBlock, context: context)
        } catch {
            return .unstarted(scenario, error, secrets)
        }
        let audits: AuditRecorder?
        do throws(Diagnostic) {
            audits = AuditRecorder(try RequestedAudits(scenario, in: scope), origin: work.start)
        } catch {
            return .unstarted(scenario, error, secrets)
        }
        var known = connection.secrets
        known.formUnion(scenario.secrets(in: scope.variables))
        var limits = RunLimits(stopFlag: work.isStopped)
        limits.deadline = timeout.map { (ContinuousClock.now + $0, $0) }
        let changes = scenario.client.address == .each && connection.address != nil
        return ScenarioExecutor(
            scenario, client: HTTPClient(connection, addresses: changes ? addresses : nil), calls: calls, scope: scope,
            secrets: known, limits: limits, audits: audits,
            trace: trace.map { TracedScenario(trace: $0, name: secrets.redact(run.name)) },
            onRequests: { onEvent(.requests(run: index, $0)) }
        ).run()
    }
}

/// One run of a scenario.
private struct ScenarioRun: Sendable {
    var scenario: Scenario
    var iteration: Int
    var row: DataRows.Row = []
    /// Distinguishes it from other runs of the same scenario.
    var label: String?

    var name: String { scenario.name + (label.map { " [\($0)]" } ?? "") }
}

/// What the threads of a run share.
private final class Work: Sendable {
    let start = ContinuousClock.now
    let addresses = LoopbackAddresses()
    let calls = SharedCalls()
    let isStopped: StopFlag
    /// Set when a scenario has not passed and no further one may start.
    let hasFailed = StopFlag()
    private let slots: Mutex<[ScenarioResult?]>

    init(_ count: Int, isStopped: StopFlag) {
        self.isStopped = isStopped
        slots = Mutex([ScenarioResult?](repeating: nil, count: count))
    }

    /// Why no further scenario starts; nil if more may.
    var endReason: String? {
        if isStopped.isSet { return "the run was stopped" }
        return hasFailed.isSet ? "an earlier scenario did not pass" : nil
    }

    func set(_ result: ScenarioResult, at index: Int) { slots.withLock { $0[index] = result } }

    /// In the order of the runs; nil for those that were not reached.
    var results: [ScenarioResult?] { slots.withLock { $0 } }
}

extension ScenarioResult {
    /// A scenario whose initial variables could not be evaluated.
    fileprivate static func unstarted(
        _ scenario: Scenario, _ diagnostic: Diagnostic, _ secrets: Secrets
    ) -> ScenarioResult {
        ScenarioResult(
            file: secrets.redact(scenario.file), name: scenario.name, description: scenario.description,
            tags: scenario.tags,
            start: .now, address: nil, steps: [],
            startFailure: Failure(diagnostic: secrets.redact(diagnostic), exchange: nil, isError: true), duration: .zero
        )
    }

    fileprivate static func skipped(_ run: ScenarioRun, _ reason: String?, _ secrets: Secrets) -> ScenarioResult {
        var result = skipped(run.scenario, reason ?? "it was not reached", secrets)
        result.name = run.name
        return result
    }

    fileprivate static func skipped(
        _ scenario: Scenario, _ reason: String, _ secrets: Secrets
    ) -> ScenarioResult {
        ScenarioResult(
            file: secrets.redact(scenario.file), name: scenario.name, description: scenario.description,
            tags: scenario.tags,
            start: .now, address: nil, steps: (scenario.setup + scenario.steps).map { .skipped($0, .steps) },
            skipReason: reason, duration: .zero)
    }
}

extension Scenario {
    /// The rows of data, each with a label that distinguishes its run. Secrets are masked in labels.
    package var labelledRows: [(row: DataRows.Row, label: String)] {
        let secrets = secrets()
        return (data?.rows ?? []).enumerated().map { index, row in
            (row, row.label.map { secrets.redact($0) } ?? "row \(index + 1)")
        }
    }
}

extension DataRows.Row {
    /// The value of the row's `label` column.
    fileprivate var label: String? {
        guard case .constant(.string(let text))? = first(where: { $0.name == "label" })?.value else { return nil }
        return text
    }
}
