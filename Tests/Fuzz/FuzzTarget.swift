import ArgumentParser

/// A parser under test, with its rules.
protocol FuzzTarget {
    /// Seed texts.
    var corpus: [String] { get }
    /// Pieces to insert into them.
    var tokens: [String] { get }
    var maximumLength: Int { get }
    /// The time that any text may take, in addition to what its length allows.
    var allowance: Duration { get }
    /// Returns whether the text was valid; throws if a rule is violated.
    func check(_ text: [UInt8]) throws -> Bool
}

extension FuzzTarget {
    var allowance: Duration { .milliseconds(100) }
}

enum FuzzTargetName: String, CaseIterable, ExpressibleByArgument {
    case json, jsonpath, iregexp, regex, format, template, scenario, response, assertions

    func make() -> any FuzzTarget {
        switch self {
        case .json: JSONTarget()
        case .jsonpath: JSONPathTarget()
        case .iregexp: IRegexpTarget()
        case .regex: RegularExpressionTarget()
        case .format: FormatTarget()
        case .template: TemplateTarget()
        case .scenario: ScenarioTarget()
        case .response: ResponseTarget()
        case .assertions: AssertionTarget()
        }
    }
}
