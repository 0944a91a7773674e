import Foundation
import Scenario
import ScenarioRunner

/// The setup of a scenario for a probe, for one user or one for each of the first rows of data.
package struct ProbeSession: Sendable {
    package let settings: ConnectionSettings
    package let scenario: Scenario
    private let variables: [String: String]
    private let environment: String?
    private let stopFlag: StopFlag
    private let calls = SharedCalls()

    /// Users beyond these add nothing.
    private static let mostUsers = 3

    package init(
        _ scenario: Scenario, base: BaseURL, client: ClientOptions, variables: [String: String], environment: String?,
        stopFlag: StopFlag
    ) {
        self.scenario = scenario
        self.variables = variables
        self.environment = environment
        self.stopFlag = stopFlag
        var settings = ConnectionSettings(base: base)
        settings.options = client
        settings.directory = scenario.file.directory
        switch scenario.client.address {
        case .fixed(let address): settings.address = SourceAddress(address, isDemanded: true)
        case .shared: break
        case .own, .each, nil: settings.takeAddressOfItsOwn()
        }
        self.settings = settings
    }

    /// Runs the setup for each user.
    ///
    /// - Returns: each user's state afterwards; at least one.
    /// - Throws: the first failure in the setup.
    package func setUp() throws(Diagnostic) -> [PhaseRun.User] {
        let result = run(.setup, try initialUsers())
        if let failure = result.failure { throw failure }
        return result.users
    }

    /// - Returns: what failed; nil if nothing did.
    package func tearDown(_ users: [PhaseRun.User]) -> Diagnostic? {
        scenario.teardown.isEmpty ? nil : run(.teardown, users).failure
    }

    /// The requests of a step that a user sends.
    ///
    /// - Throws: a diagnostic if no step with this id sends a request, or if the request cannot be rendered.
    package func requests(
        of id: String, by user: PhaseRun.User, number: Int
    ) throws(Diagnostic) -> ProbeRequests {
        guard let step = requestStep(id) else {
            let known = scenario.steps.map(\.id)
            throw Diagnostic(
                .invalidValue, "no step with the id \"\(id)\" sends a request", in: scenario.file, at: 0..<1,
                help: Suggestion.help(for: id, among: known) ?? "the steps are \(known.joined(separator: ", "))")
        }
        let scope = Scope(variables: user.variables, context: context(user: number))
        do throws(TemplateError) { return try ProbeRequests(step.request, in: scope) } catch {
            throw Diagnostic(
                .rendering, "could not render the request of \"\(id)\": \(error)", in: scenario.file,
                at: step.request.range)
        }
    }

    /// Where a step's requests carry the value that is new each time.
    ///
    /// - Throws: if they carry none.
    package func writtenValue(of id: String, _ writes: ProbeRequests) throws(Diagnostic) -> WrittenValue {
        let range = requestStep(id)?.request.range ?? 0..<1
        let other: Request
        do throws(TemplateError) { other = try writes.next() } catch {
            throw Diagnostic(
                .rendering, "could not render the request of \"\(id)\": \(error)", in: scenario.file, at: range)
        }
        guard let value = WrittenValue(writes.example, other) else {
            throw Diagnostic(
                .invalidValue, "\"\(id)\" writes the same value each time, so reads cannot show which write they see",
                in: scenario.file, at: range, help: "put {{uuid()}} into the value")
        }
        return value
    }

    private func initialUsers() throws(Diagnostic) -> [PhaseRun.User] {
        let rows = scenario.data.map { Array($0.rows.prefix(Self.mostUsers)) } ?? []
        var users: [PhaseRun.User] = []
        for row in rows.isEmpty ? [[]] : rows {
            let scope = try scenario.initialScope(
                given: variables, row: row, environment: environment, context: context(user: users.count))
            users.append(PhaseRun.User(variables: scope.variables))
        }
        return users
    }

    private func run(_ phase: StepResult.Phase, _ users: [PhaseRun.User]) -> PhaseResult {
        PhaseRun(
            scenario, phase, connection: settings, secrets: scenario.secrets(in: users.first?.variables ?? [:]),
            calls: calls, stopFlag: stopFlag, address: { [settings] _ in settings.address },
            context: { [self] in context(user: $0) }
        ).run(users)
    }

    private func requestStep(_ id: String) -> RequestStep? {
        for step in scenario.steps where step.id == id {
            if case .request(let request) = step.action { return request }
        }
        return nil
    }

    private func context(user: Int) -> TemplateContext {
        let file = scenario.file
        return TemplateContext(
            environment: ProcessInfo.processInfo.environment, virtualUser: user,
            now: { Date().timeIntervalSince1970 },
            readFile: { path in try FileReading.bytes(at: file.resolve(path)) })
    }
}

extension ConnectionSettings {
    /// Sends from an address in 127.0.0.0/8 that nothing else uses, if the server is on IPv4 loopback.
    package mutating func takeAddressOfItsOwn() {
        guard base.isIPv4Loopback, reachesHostItself else { return }
        address = SourceAddress(ProbeSession.addresses.take())
    }
}

extension ProbeSession {
    static let addresses = LoopbackAddresses()
}
