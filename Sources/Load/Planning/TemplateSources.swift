import Scenario

/// What a scenario's templates can use besides variables: the environment, files and the time.
package struct TemplateSources: Sendable {
    package var environment: [String: String]
    /// Seconds since 1970-01-01T00:00:00Z.
    package var now: @Sendable () -> Double
    /// Reads a file; the path is relative to the scenario's.
    package var readFile: @Sendable (String) throws -> [UInt8]

    package init(
        environment: [String: String], now: @escaping @Sendable () -> Double,
        readFile: @escaping @Sendable (String) throws -> [UInt8]
    ) {
        self.environment = environment
        self.now = now
        self.readFile = readFile
    }

    /// - Parameter counters: the state of `counter()`; new by default.
    func context(user: Int = 0, iteration: Int = 0, counters: TemplateCounters = TemplateCounters()) -> TemplateContext
    {
        TemplateContext(
            environment: environment, iteration: iteration, virtualUser: user, counters: counters, now: now,
            readFile: readFile)
    }
}

/// The variables that all users share and no step changes, with the other sources of templates.
struct RunScope: Sendable {
    let constant: Scope
    let sources: TemplateSources
    /// The state of `counter()` for each user; empty if no template uses it.
    let counters: [TemplateCounters]

    /// - Parameter countingUsers: the number of users if a template uses `counter()`, otherwise 0.
    init(variables: [String: JSON], sources: TemplateSources, countingUsers: Int = 0) {
        self.sources = sources
        constant = Scope(variables: variables, context: sources.context())
        counters = (0..<countingUsers).map { _ in TemplateCounters() }
    }

    /// A scope to try a request in before the run. It leaves the run's counters unchanged.
    func trial(_ variables: UserVariables.Values) -> Scope {
        Scope(
            variables: constant.variables.merging(variables) { $1 }, context: sources.context())
    }

    /// The scope of an iteration for a text that is not sent. It leaves the run's counters unchanged.
    func sideScope(for iteration: UserIteration) -> Scope {
        Scope(
            variables: constant.variables.merging(iteration.variables) { $1 },
            context: sources.context(user: iteration.user, iteration: iteration.number))
    }

    /// The scope of an iteration: the shared variables overridden by the user's own, with the values of `iteration()`
    /// and `virtualUser()`.
    func scope(for iteration: UserIteration) -> Scope {
        let context =
            counters.isEmpty
            ? sources.context(user: iteration.user, iteration: iteration.number)
            : sources.context(user: iteration.user, iteration: iteration.number, counters: counters[iteration.user])
        var variables = constant.variables
        for (name, value) in iteration.variables { variables[name] = value }
        return Scope(variables: variables, context: context)
    }
}
