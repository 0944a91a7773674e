// Scenarios consist of JSON values, queries and patterns, so every user of scenarios gets these modules with them.
@_exported import JSONDocuments
@_exported import JSONQueries
@_exported import Patterns

/// A scenario file, read and checked: what a client sends and what it must get back.
package struct Scenario: Sendable {
    package var file: SourceFile
    package var name: String
    package var description: String?
    package var tags: [String]
    package var variables: [Variable]
    /// Named blocks of values, one of which can override `variables`.
    package var environments: [Environment]
    package var data: DataRows?
    package var client: ClientOptions
    /// Variables that must be set from outside; without them the scenario is skipped.
    package var requires: [String]
    /// Why the scenario is not run.
    package var skipReason: String?
    /// Whether no other scenario may run at the same time.
    package var isExclusive: Bool
    package var setup: [Step]
    package var steps: [Step]
    package var teardown: [Step]
    package var load: LoadSettings
    package var audit = AuditSettings()
    /// All variables that the scenario declares or uses. Any other name given from outside has no effect.
    package var variableNames: Set<String> = []
}

/// A named value, used as `{{name}}` and evaluated once, when the scenario starts.
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

/// A block of values that `--env` selects.
package struct Environment: Sendable {
    package var name: String
    package var variables: [Variable]
}

/// Rows of values. Each column of a row is a variable.
package struct DataRows: Sendable {
    package enum Order: String, Sendable {
        /// The scenario runs once for each row.
        case every
        /// Each run takes the next row, or a random one.
        case sequential, random
    }

    package var rows: [Row]
    package var order: Order
    /// How often each row is taken in a random order.
    package var popularity = Popularity.uniform
    /// Whether the values are texts, as in a CSV file. They then take the types of their variables.
    package var isText = false
    /// Byte offsets of the rows, or of the name of their file.
    package var range: Range<Int>

    package typealias Row = [(name: String, value: TemplateValue)]
}

/// How requests are sent, regardless of their content.
package struct ClientOptions: Hashable, Sendable {
    /// The source address. By default, a scenario under `gauntlet run` has its own, and load lets the system choose.
    package var address: ClientAddress?
    /// URL of an HTTP or SOCKS proxy.
    package var proxy: String?
    /// Path of a unix socket, relative to the scenario.
    package var unixSocket: String?
    /// IP addresses by `host:port`.
    package var resolve: [String: String] = [:]
    package var httpVersion: String?
    package var caFile: String?
    package var certificate: String?
    package var key: String?
    package var isInsecure = false

    package init() {}

    /// Applies the command line's options, which override the file's.
    package func overridden(by other: ClientOptions) -> ClientOptions {
        var result = self
        result.proxy = other.proxy ?? proxy
        result.caFile = other.caFile ?? caFile
        result.isInsecure = isInsecure || other.isInsecure
        return result
    }
}

/// The address that requests are sent from.
///
/// With its own address, each scenario meets per-address limits alone, so such limits can be tested in parallel.
package enum ClientAddress: Hashable, Sendable {
    /// An address in 127.0.0.0/8 that no other scenario uses, if the server is on loopback.
    case own
    /// A new address like `own` for every request and for every connection of a burst.
    case each
    /// The system's choice.
    case shared
    /// This address.
    case fixed(String)
}
