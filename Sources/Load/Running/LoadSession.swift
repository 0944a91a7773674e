import Audit
import Scenario
import ScenarioRunner
import Trace

/// A load run of a scenario: checked, set up, run by many virtual users, torn down.
package struct LoadSession: Sendable {
    private let scenario: Scenario
    private let target: LoadTarget
    private let settings: EngineSettings
    private let sources: TemplateSources
    /// The file to record all requests in; nil for none.
    private let tracePath: String?
    /// What the scenario's audits record.
    private let audits: LoadAudits
    /// The variables shared by all users: all of them, unless users have their own.
    private var shared: [String: JSON] = [:]
    /// Each user's own variables, by number.
    private var users: [UserVariables] = []
    /// The rows of data of which users take another in each iteration; nil if they keep theirs.
    private let popularRows: PopularRows?
    /// The cookies from setup, in libcurl's notation: for each user, or once for all. Teardown sends them too.
    private var cookies: [[String]] = []
    /// The calls that setup and teardown make only once.
    private let calls = SharedCalls()
    /// How many users began their setup, and so need teardown.
    private var begun = 0
    private var secrets = Secrets()

    /// - Parameters:
    ///   - given: values of variables from outside the file.
    ///   - environment: the name of the file's environment to use.
    ///   - options: from the command line; they override the file's.
    /// - Throws:
    ///   ``InvalidFile`` with everything in the file that load does not support and all variables without a value; a ``LoadError``
    ///   if connections cannot come from the requested address.
    package init(
        _ scenario: Scenario, target: LoadTarget, options: LoadOptions, variables given: [String: String],
        environment: String? = nil, sources: TemplateSources
    ) throws {
        let unsupported = UnsupportedInLoad.check(scenario)
        guard unsupported.isEmpty else { throw InvalidFile(unsupported) }
        self.scenario = scenario
        self.target = target
        self.sources = sources
        tracePath = options.trace
        settings = try EngineSettings(scenario, options: options, target: target)
        do throws(Diagnostic) {
            let initial = InitialVariables(
                scenario, given: given, environment: environment, sources: sources,
                seed: options.seed ?? scenario.load.seed ?? 1)
            if scenario.hasVariablesPerUser {
                for user in 0..<settings.virtualUsers { users.append(UserVariables(try initial.values(of: user))) }
            } else {
                shared = try initial.values(of: 0)
            }
            popularRows = try initial.popularRows()
            audits = try LoadAudits(
                scenario, in: Scope(variables: users.first?.values ?? shared, context: sources.context()))
        } catch {
            throw InvalidFile([scenario.secrets(in: given.mapValues(JSON.string)).redact(error)])
        }
        secrets = scenario.secrets(in: shared)
        if let userinfo = target.userinfo { secrets.insert(userinfo) }
        let secretVariables = SecretVariables(of: scenario)
        for user in users { secretVariables.insert(user.values, into: &secrets) }
        for row in popularRows?.rows ?? [] { secretVariables.insert(row, into: &secrets) }
    }

    /// Whether each user has its own variables.
    private var hasUsers: Bool { scenario.hasVariablesPerUser }

    /// Runs the setup. What it captures is constant from then on.
    /// - Parameter stop: ends the setup early once set.
    /// - Throws: the first failure, with its user and step. Secrets are masked in it.
    package mutating func setUp(stop: StopFlag = StopFlag()) throws(Diagnostic) {
        begun = hasUsers ? users.count : 1
        guard !scenario.setup.isEmpty else { return }
        let result = carryOut(isTeardown: false, stop: stop)
        begun = result.begun
        if hasUsers {
            users = result.users.map { UserVariables($0.variables) }
        } else {
            shared = result.users[0].variables
        }
        cookies = result.users.contains { !$0.cookies.isEmpty } ? result.users.map(\.cookies) : []
        // If setup was stopped, missing values are not an error.
        if let failure = result.failure, !stop.isSet { throw failure }
    }

    /// Starts the load run.
    /// - Throws: ``LoadError``, or a `Diagnostic` at a request that cannot be sent.
    package func start(stop: StopFlag) throws -> LoadRun {
        let counts = scenario.steps.flatMap(\.requests).contains { $0.request.expressions.contains(where: \.counts) }
        let scope = RunScope(
            variables: shared, sources: sources, countingUsers: counts ? settings.virtualUsers : 0)
        var plan: LoadPlan
        do throws(Diagnostic) {
            plan = try LoadPlan(
                scenario, target: target, scope: scope, users: users,
                cookies: cookies.map { CookieJar(netscape: $0, now: MonotonicClock.wallTime()) }, secrets: secrets)
        } catch {
            throw secrets.redact(error)
        }
        plan.popularRows = popularRows
        return try LoadRun(
            name: scenario.name, plan: plan, settings: settings, stop: stop,
            traces: audits.traces(of: plan, scope: scope)
                + (tracePath.map { [(plan: .everything(plan), path: $0)] } ?? []))
    }

    /// Runs the teardown of everything that was set up, whatever happened before.
    package mutating func tearDown() throws(Diagnostic) {
        guard !scenario.teardown.isEmpty else { return }
        if let failure = carryOut(isTeardown: true, stop: StopFlag()).failure { throw failure }
    }

    /// Evaluates the scenario's audits, and removes what was recorded for them.
    /// - Parameter traces: of the run, in the order of ``start(stop:)``.
    func findings(on traces: [TraceSummary]) -> [AuditFinding] {
        defer { audits.removeFiles() }
        return audits.findings(on: Array(traces.prefix(audits.count)), hiding: secrets)
    }

    /// What was recorded in the file that was asked for; nil if none was.
    func kept(_ traces: [TraceSummary]) -> TraceSummary? { tracePath == nil ? nil : traces.last }

    /// Evaluates the file's thresholds against a result.
    func thresholds(of result: LoadResult) -> [EvaluatedThreshold] {
        let scope = Scope(variables: hasUsers ? commonVariables : shared, context: sources.context())
        return scenario.load.thresholds.map {
            EvaluatedThreshold($0, of: result, in: scenario.file, scope: scope, secrets: secrets)
        }
    }

    /// The variables that have the same value for all users.
    private var commonVariables: [String: JSON] {
        guard let first = users.first?.values else { return [:] }
        return first.filter { name, value in users.allSatisfy { $0.values[name] == value } }
    }

    /// Runs setup or teardown, for each user that has variables of its own.
    private mutating func carryOut(isTeardown: Bool, stop: StopFlag) -> PhaseResult {
        let addresses = target.connection.reachesHostItself ? settings.sources : .shared
        let run = PhaseRun(
            scenario, isTeardown ? .teardown : .setup, connection: target.connection, secrets: secrets, calls: calls,
            stopFlag: stop, address: { addresses.setupAddress(user: $0) },
            context: { [sources] in sources.context(user: $0) })
        let before = hasUsers ? users.map(\.values) : [shared]
        let all = before.indices.map { user in
            PhaseRun.User(variables: before[user], cookies: cookies.isEmpty ? [] : cookies[user])
        }
        let result = run.run(isTeardown ? Array(all.prefix(begun)) : all)
        secrets.formUnion(additionsOf: result.secrets)
        return result
    }
}

extension Expression {
    /// Whether it calls `counter()`.
    var counts: Bool {
        switch self {
        case .literal, .variable: false
        case .call(let function, let arguments): function == .counter || arguments.contains(where: \.counts)
        }
    }
}
