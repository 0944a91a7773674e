import Scenario
import Synchronization

/// Runs a scenario's setup or teardown for many users, several at a time.
package struct PhaseRun: Sendable {
    private let scenario: Scenario
    private let phase: StepResult.Phase
    private let connection: ConnectionSettings
    private let secrets: Secrets
    private let calls: SharedCalls
    private let stopFlag: StopFlag
    private let address: @Sendable (_ user: Int) -> SourceAddress?
    private let context: @Sendable (_ user: Int) -> TemplateContext

    /// A user's own state, before or after the phase.
    package struct User: Sendable {
        package var variables: [String: JSON]
        /// In libcurl's notation.
        package var cookies: [String]

        package init(variables: [String: JSON], cookies: [String] = []) {
            self.variables = variables
            self.cookies = cookies
        }
    }

    /// Users at a time: enough to keep a server busy that hashes passwords slowly, too few to overwhelm it.
    private static let width = 16

    /// - Parameters:
    ///   - connection: how all users connect.
    ///   - secrets: the secrets known before. Each user adds its own without copying them; there may be thousands of
    ///     users and secrets.
    ///   - calls: the calls that are made once for all users.
    ///   - stopFlag: ends a setup early once it is set. Nothing stops a teardown.
    ///   - address: a user's source address; nil for the system's choice.
    ///   - context: the environment of a user's templates.
    package init(
        _ scenario: Scenario, _ phase: StepResult.Phase, connection: ConnectionSettings, secrets: Secrets,
        calls: SharedCalls, stopFlag: StopFlag, address: @escaping @Sendable (_ user: Int) -> SourceAddress?,
        context: @escaping @Sendable (_ user: Int) -> TemplateContext
    ) {
        self.scenario = scenario
        self.phase = phase
        self.connection = connection
        self.secrets = secrets
        self.calls = calls
        self.stopFlag = stopFlag
        self.address = address
        self.context = context
    }

    /// - Parameter users: each user's state before.
    package func run(_ users: [User]) -> PhaseResult {
        let known = secrets.branch()
        let result = Mutex(PhaseResult(users: users, secrets: known))
        Threads.runAndWait(min(Self.width, users.count)) { _ in
            let multi = CurlMulti.forSuccessiveClients()
            while let user = result.withLock({ next(&$0) }) {
                let (executor, results) = run(user, users[user], known, multi)
                let isFirst = result.withLock { $0.failure == nil }
                let failure = isFirst ? executor.failure(in: results, of: users.count > 1 ? user : nil) : nil
                let after = User(variables: executor.scope.variables, cookies: executor.client.cookies)
                let secrets = executor.secrets
                result.withLock { result in
                    result.users[user] = after
                    result.secrets.formUnion(additionsOf: secrets)
                    result.failure = result.failure ?? failure
                }
            }
        }
        return result.withLock { $0 }
    }

    private func next(_ result: inout PhaseResult) -> Int? {
        guard result.begun < result.users.count, phase == .teardown || result.failure == nil && !stopFlag.isSet else {
            return nil
        }
        result.begun += 1
        return result.begun - 1
    }

    /// - Parameter known: a branch of the secrets without additions.
    private func run(
        _ user: Int, _ state: User, _ known: Secrets, _ multi: CurlMulti
    ) -> (ScenarioExecutor, [StepResult]) {
        var settings = connection
        settings.address = address(user)
        let client = HTTPClient(settings, cookies: state.cookies, on: multi)
        defer { client.closeConnection() }
        let executor = ScenarioExecutor(
            scenario, client: client, calls: calls, scope: Scope(variables: state.variables, context: context(user)),
            secrets: known, limits: RunLimits(stopFlag: stopFlag), onRequests: { _ in })
        return (executor, executor.run(phase))
    }
}

/// The result of a ``PhaseRun``.
package struct PhaseResult: Sendable {
    /// Each user's state afterwards, in order.
    package fileprivate(set) var users: [PhaseRun.User]
    /// How many users have begun; they are the first ones. In setup, none begins after a failure.
    package fileprivate(set) var begun = 0
    /// A branch of the secrets known before, with those that users have added.
    package fileprivate(set) var secrets: Secrets
    /// The first failure.
    package fileprivate(set) var failure: Diagnostic?
}

extension ScenarioExecutor {
    /// The first failure in the results, with secrets masked; nil if there is none.
    ///
    /// - Parameter user: the number of the user, if there are several.
    fileprivate func failure(in results: [StepResult], of user: Int?) -> Diagnostic? {
        for result in results {
            guard var diagnostic = result.failures.first?.diagnostic ?? tardiness(of: result) else { continue }
            if let response = result.failures.first?.exchange?.response {
                let body = String(decoding: secrets.redact(response.body).prefix(300), as: UTF8.self)
                diagnostic.notes.append(.init("response", "\(response.status) \(body)"))
            }
            if let user { diagnostic.notes.append(.init("virtual user", "\(user)")) }
            return secrets.redact(diagnostic)
        }
        return nil
    }

    private func tardiness(of result: StepResult) -> Diagnostic? {
        result.tooSlow.map { reason in
            Diagnostic(.interrupted, "\(reason), in step \"\(result.id)\"", in: scenario.file, at: result.range)
        }
    }
}
