import Scenario

/// What a scenario's templates draw on, beside their variables: the environment, files and the time.
package struct TemplateSources: Sendable {
    package var environment: [String: String]
    /// Seconds since 1970-01-01T00:00:00Z.
    package var now: @Sendable () -> Double
    /// Reads a file by a path relative to the scenario's own.
    package var readFile: @Sendable (String) throws -> [UInt8]

    package init(
        environment: [String: String], now: @escaping @Sendable () -> Double,
        readFile: @escaping @Sendable (String) throws -> [UInt8]
    ) {
        self.environment = environment
        self.now = now
        self.readFile = readFile
    }

    /// - Parameter counters: what `counter()` counts in; counters of its own where nil.
    func context(user: Int = 0, iteration: Int = 0, counters: TemplateCounters = TemplateCounters()) -> TemplateContext
    {
        TemplateContext(
            environment: environment, iteration: iteration, virtualUser: user, counters: counters, now: now,
            readFile: readFile)
    }
}

/// The variables that all users share, which no step changes, and what else templates draw on.
struct RunScope: Sendable {
    let constant: Scope
    private let sources: TemplateSources
    /// For each user, what its `counter()` counts in; empty where nothing counts.
    private let counters: [TemplateCounters]

    /// - Parameter countingUsers: how many users there are, where a template counts; else 0.
    init(variables: [String: JSON], sources: TemplateSources, countingUsers: Int = 0) {
        self.sources = sources
        constant = Scope(variables: variables, context: sources.context())
        counters = (0..<countingUsers).map { _ in TemplateCounters() }
    }

    /// To try a request with before the run: counts nothing that the run counts.
    func trial(_ variables: UserVariables.Values) -> Scope {
        Scope(
            variables: constant.variables.merging(variables) { $1 }, context: sources.context())
    }

    /// The shared variables and over them the user's own, with what `iteration()` and `virtualUser()` ask for.
    func scope(for turn: Turn) -> Scope {
        let context =
            counters.isEmpty
            ? sources.context(user: turn.user, iteration: turn.iteration)
            : sources.context(user: turn.user, iteration: turn.iteration, counters: counters[turn.user])
        var variables = constant.variables
        for (name, value) in turn.variables { variables[name] = value }
        return Scope(variables: variables, context: context)
    }
}
