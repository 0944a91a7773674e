import Scenario

/// The variables with which virtual users begin.
struct InitialVariables {
    let scenario: Scenario
    private let given: [String: String]
    private let environment: String?
    private let sources: TemplateSources
    let seed: UInt64

    /// - Parameters:
    ///   - given: values of variables from outside the file.
    ///   - environment: the name of the file's environment to use.
    ///   - seed: for choosing random rows of data.
    init(
        _ scenario: Scenario, given: [String: String], environment: String?, sources: TemplateSources, seed: UInt64
    ) {
        self.scenario = scenario
        self.given = given
        self.environment = environment
        self.sources = sources
        self.seed = seed
    }

    /// A user's variables. Rows of data are assigned in turn, or at random from the seed.
    func values(of user: Int) throws(Diagnostic) -> [String: JSON] {
        var row: DataRows.Row = []
        if let data = scenario.data, !data.rows.isEmpty {
            var random = SplitMix64(seed: seed &+ UInt64(user))
            let picker = PopularityPicker(data.popularity, count: data.rows.count)
            row = data.rows[data.order == .random ? picker.pick(using: &random) : user % data.rows.count]
        }
        return try values(with: row, user: user)
    }

    func values(with row: DataRows.Row, user: Int = 0) throws(Diagnostic) -> [String: JSON] {
        try scenario.initialScope(
            given: given, row: row, environment: environment, context: sources.context(user: user)
        ).variables
    }
}

extension Scenario {
    /// Whether each virtual user has variables of its own.
    var hasVariablesPerUser: Bool { load.isSetUpPerUser || data != nil }
}
