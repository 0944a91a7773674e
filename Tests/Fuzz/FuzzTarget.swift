import ArgumentParser

/// Something that takes any text.
protocol FuzzTarget {
    /// Texts to begin with.
    var corpus: [String] { get }
    /// What is put into them.
    var tokens: [String] { get }
    var maximumLength: Int { get }
    /// The time that any text may take, beside what its length allows.
    var allowance: Duration { get }
    /// Throws where a rule is broken; tells whether the text was valid.
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
