import FoundationEssentials
import Glibc
import Scenario
import Synchronization

/// Runs scenarios once each, several side by side.
package struct ScenarioRunner: Sendable {
    package var base: BaseURL
    /// Values of variables from outside.
    package var variables: [String: String] = [:]
    package var environment: [String: String] = [:]
    /// How many scenarios run at once.
    package var jobs = 1
    /// Stop after the first scenario that does not pass.
    package var failFast = false
    package var onEvent: @Sendable (Event) -> Void = { _ in }

    /// What a person who looks on is told.
    package enum Event: Sendable {
        case started(Scenario)
        case requests(Scenario, Int)
        case finished(ScenarioResult)
    }

    package init(base: BaseURL) { self.base = base }

    /// Runs the scenarios and gives their results in the same order.
    ///
    /// - Parameter isStopped: set from anywhere; running scenarios stop at their next request and do their teardown.
    package func run(_ scenarios: [Scenario], isStopped: StopFlag = StopFlag()) async -> RunResult {
        let start = ContinuousClock.now
        let date = Date()
        let work = Work(scenarios.count)
        let together = scenarios.indices.filter { !scenarios[$0].isExclusive }
        await run(together, of: scenarios, work, jobs: jobs, isStopped)
        await run(scenarios.indices.filter { scenarios[$0].isExclusive }, of: scenarios, work, jobs: 1, isStopped)
        return RunResult(
            scenarios: work.results, base: base.text, start: date, duration: ContinuousClock.now - start)
    }

    /// libcurl blocks, so each scenario at work has a thread of its own, outside the cooperative pool.
    private func run(
        _ indices: [Int], of scenarios: [Scenario], _ work: Work, jobs: Int, _ isStopped: StopFlag
    ) async {
        let next = Atomic<Int>(0)
        await Threads.run(min(jobs, indices.count)) {
            while !isStopped.isSet {
                let place = next.add(1, ordering: .relaxed).oldValue
                guard place < indices.count else { return }
                let result = run(scenarios[indices[place]], work.addresses, isStopped)
                work.set(result, at: indices[place])
                onEvent(.finished(result))
                if failFast, result.outcome > .skipped { isStopped.set() }
            }
        }
    }

    private func run(_ scenario: Scenario, _ addresses: LoopbackAddresses, _ isStopped: StopFlag) -> ScenarioResult {
        onEvent(.started(scenario))
        let address: String? =
            switch scenario.client {
            case .own: base.isIPv4Loopback ? addresses.take() : nil
            case .shared: nil
            case .fixed(let address): address
            }
        let directory = URL(filePath: scenario.file.path).deletingLastPathComponent().path()
        let context = TemplateContext(
            environment: environment, now: { Date().timeIntervalSince1970 },
            readFile: { path in
                Array(try Data(contentsOf: URL(filePath: path.hasPrefix("/") ? path : "\(directory)/\(path)")))
            })
        let scope: Scope
        do throws(Diagnostic) { scope = try scenario.initialScope(given: variables, context: context) } catch {
            return .unstarted(scenario, error)
        }
        var secrets = Secrets()
        for variable in scenario.variables where variable.isSecret {
            if let value = scope.variables[variable.name] { secrets.insert(value) }
        }
        return ScenarioExecutor(
            scenario, client: HTTPClient(base: base, address: address), scope: scope, secrets: secrets,
            shouldStop: { isStopped.isSet }, onRequests: { onEvent(.requests(scenario, $0)) }
        ).run()
    }
}

/// What the threads of a run share.
private final class Work: Sendable {
    let addresses = LoopbackAddresses()
    private let slots: Mutex<[ScenarioResult?]>

    init(_ count: Int) { slots = Mutex([ScenarioResult?](repeating: nil, count: count)) }

    func set(_ result: ScenarioResult, at index: Int) { slots.withLock { $0[index] = result } }

    /// In the order of the scenarios; those that were not reached are left out.
    var results: [ScenarioResult] { slots.withLock { $0.compactMap { $0 } } }
}

/// Says from one thread to others that they should end.
package final class StopFlag: Sendable {
    private let flag = Atomic<Bool>(false)

    package init() {}

    package var isSet: Bool { flag.load(ordering: .relaxed) }
    package func set() { flag.store(true, ordering: .relaxed) }
}

extension ScenarioResult {
    /// A scenario whose variables have no values.
    fileprivate static func unstarted(_ scenario: Scenario, _ diagnostic: Diagnostic) -> ScenarioResult {
        ScenarioResult(
            file: scenario.file, name: scenario.name, description: scenario.description, tags: scenario.tags,
            start: .now,
            address: nil, steps: [],
            startFailure: Failure(diagnostic: diagnostic, exchange: nil, isError: true), duration: .zero)
    }
}
