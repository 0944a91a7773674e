import Scenario

/// How connections are made.
package struct ConnectionSettings: Hashable, Sendable {
    package var base: BaseURL
    /// The source address of connections; nil for the system's choice.
    package var address: SourceAddress?
    package var options = ClientOptions()
    /// The directory that paths in `options` are relative to.
    package var directory = "."

    package init(base: BaseURL, address: SourceAddress? = nil) {
        self.base = base
        self.address = address
    }

    package func path(_ path: String) -> String { path.hasPrefix("/") ? path : "\(directory)/\(path)" }

    /// The passwords in the URLs of the server and the proxy.
    package var secrets: Secrets {
        var secrets = base.secrets
        if let proxy = options.proxy { secrets.insert(passwordIn: proxy) }
        return secrets
    }

    /// Whether connections go directly to the URL's host, so that the source address matters.
    package var reachesHostItself: Bool { options.proxy == nil && options.unixSocket == nil }
}
