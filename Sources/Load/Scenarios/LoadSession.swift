import Scenario

/// A scenario made load with: checked, set up once, run by many virtual users, taken down once.
package struct LoadSession: Sendable {
    private let scenario: Scenario
    private let target: LoadTarget
    private let settings: EngineSettings
    private let sources: TemplateSources
    private var variables: [String: JSON]
    private var secrets: Secrets

    /// - Parameters:
    ///   - given: values of variables from outside.
    ///   - options: from the command line; they go before the file's.
    /// - Throws: everything in the file that load cannot do, and variables without values.
    package init(
        _ scenario: Scenario, target: LoadTarget, options: LoadOptions, variables given: [String: String],
        sources: TemplateSources
    ) throws(InvalidFile) {
        let unsupported = UnsupportedInLoad.check(scenario)
        guard unsupported.isEmpty else { throw InvalidFile(unsupported) }
        do throws(Diagnostic) {
            variables = try scenario.initialScope(given: given, context: sources.context()).variables
        } catch {
            throw InvalidFile([error])
        }
        self.scenario = scenario
        self.target = target
        self.sources = sources
        settings = EngineSettings(scenario, options: options, target: target)
        secrets = Secrets()
        for variable in scenario.variables where variable.isSecret {
            if let value = variables[variable.name] { secrets.insert(value) }
        }
    }

    /// Carries out the setup; what it captures is constant from then on.
    package mutating func setUp() throws(Diagnostic) {
        try carryOut(scenario.setup)
    }

    /// Lets the measurement begin.
    /// - Throws: ``LoadError``, or a `Diagnostic` at a request that cannot be sent.
    package func start(stop: StopRequest) throws -> LoadRun {
        let plan = try LoadPlan(
            scenario, target: target, scope: RunScope(variables: variables, sources: sources), secrets: secrets)
        return try LoadRun(name: scenario.name, plan: plan, settings: settings, stop: stop)
    }

    /// Carries out the teardown, whatever happened before.
    package mutating func tearDown() throws(Diagnostic) {
        try carryOut(scenario.teardown)
    }

    private mutating func carryOut(_ steps: [Step]) throws(Diagnostic) {
        guard !steps.isEmpty else { return }
        let client = SequentialClient(
            target: target.address, source: settings.sources.address(user: 0), limits: settings.responseLimits)
        var sequence = StepSequence(
            file: scenario.file, target: target, client: client,
            scope: Scope(variables: variables, context: sources.context()), secrets: secrets)
        defer {
            variables = sequence.scope.variables
            secrets = sequence.secrets
        }
        try sequence.run(steps)
    }
}
