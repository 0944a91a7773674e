/// A scenario file, read and checked: what a client does and what must come back.
package struct Scenario: Sendable {
    package var file: SourceFile
    package var name: String
    package var description: String?
    package var tags: [String]
    package var variables: [Variable]
    package var client: ClientAddress
    /// Whether no other scenario may run meanwhile.
    package var isExclusive: Bool
    package var setup: [Step]
    package var steps: [Step]
    package var teardown: [Step]
    package var load: LoadSettings
}

/// A value by name, used as `{{name}}`; evaluated once, when the scenario starts.
package struct Variable: Sendable {
    package var name: String
    package var source: Source
    package var isSecret: Bool
    /// Where the file declares it.
    package var range: Range<Int>

    package enum Source: Sendable {
        case value(TemplateValue)
        case environment(name: String, default: TemplateValue?)
    }
}

/// The address that requests are sent from. A limit per address is tested for real, and in parallel, by giving
/// every scenario one of its own.
package enum ClientAddress: Hashable, Sendable {
    /// An address in 127.0.0.0/8 that no other scenario has, where the server is on loopback.
    case own
    /// The system's choice.
    case shared
    /// This one.
    case fixed(String)
}

/// How `gauntlet load` runs the steps. What the file does not say is nil.
package struct LoadSettings: Sendable {
    package var virtualUsers: Int?
    package var duration: Duration?
    package var warmUp: Duration?
    /// Kinds of answers, counted and timed apart, in the order of the file.
    package var classes: [ResponseClass]

    package struct ResponseClass: Sendable {
        package var name: String
        package var expectation: Expectation
    }
}
