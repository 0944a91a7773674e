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

    func context(_ turn: Turn = Turn(user: 0, iteration: 0)) -> TemplateContext {
        TemplateContext(
            environment: environment, iteration: turn.iteration, virtualUser: turn.user, now: now, readFile: readFile)
    }
}

/// The variables of a run, which its steps do not change, and what else templates draw on.
struct RunScope: Sendable {
    let constant: Scope
    private let sources: TemplateSources

    init(variables: [String: JSON], sources: TemplateSources) {
        self.sources = sources
        constant = Scope(variables: variables, context: sources.context())
    }

    /// What `iteration()` and `virtualUser()` ask for.
    func scope(for turn: Turn) -> Scope {
        Scope(variables: constant.variables, context: sources.context(turn))
    }
}
