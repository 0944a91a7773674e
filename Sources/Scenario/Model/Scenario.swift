/// A scenario file, read and checked: what a client does and what must come back.
package struct Scenario: Sendable {
    package var file: SourceFile
    package var name: String
    package var description: String?
    package var tags: [String]
    package var variables: [Variable]
    /// Blocks of values by name, one of which goes before `variables`.
    package var environments: [Environment]
    package var data: DataRows?
    package var client: ClientOptions
    /// Variables that must be given from outside; without them it is not to be run.
    package var requires: [String]
    /// Why it is not to be run.
    package var skipReason: String?
    /// Whether no other scenario may run meanwhile.
    package var isExclusive: Bool
    package var setup: [Step]
    package var steps: [Step]
    package var teardown: [Step]
    package var load: LoadSettings
    /// All variables that it declares or uses: a name beside them, given from outside, is for naught.
    package var variableNames: Set<String> = []
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

/// A block of values that `--env` picks.
package struct Environment: Sendable {
    package var name: String
    package var variables: [Variable]
}

/// Rows of values, whose columns are variables.
package struct DataRows: Sendable {
    package enum Order: String, Sendable {
        /// The scenario runs once for each row.
        case every
        /// Each run takes the next row, or a random one.
        case sequential, random
    }

    package var rows: [Row]
    package var order: Order
    /// Whether the values are texts, as in a CSV file, which take the types of their variables.
    package var isText = false
    /// Where the rows, or the name of their file, stand.
    package var range: Range<Int>

    package typealias Row = [(name: String, value: TemplateValue)]
}

/// How requests are sent, apart from what is in them.
package struct ClientOptions: Hashable, Sendable {
    /// Where the file does not say, a scenario that runs once has an address of its own, and load shares one.
    package var address: ClientAddress?
    /// An HTTP or SOCKS proxy's URL.
    package var proxy: String?
    /// A unix socket's path, relative to the scenario.
    package var unixSocket: String?
    /// IP addresses by `host:port`.
    package var resolve: [String: String] = [:]
    package var httpVersion: String?
    package var caFile: String?
    package var certificate: String?
    package var key: String?
    package var isInsecure = false

    package init() {}

    /// What the command line says goes before what the file says.
    package func overridden(by other: ClientOptions) -> ClientOptions {
        var result = self
        result.proxy = other.proxy ?? proxy
        result.caFile = other.caFile ?? caFile
        result.isInsecure = isInsecure || other.isInsecure
        return result
    }
}

/// The address that requests are sent from. A limit per address is tested for real, and in parallel, by giving
/// every scenario one of its own.
package enum ClientAddress: Hashable, Sendable {
    /// An address in 127.0.0.0/8 that no other scenario has, where the server is on loopback.
    case own
    /// Such an address for every request, and for every connection of a burst.
    case each
    /// The system's choice.
    case shared
    /// This one.
    case fixed(String)
}
