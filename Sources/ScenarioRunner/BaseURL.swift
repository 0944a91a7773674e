import FoundationEssentials
import Scenario

/// The base URL of the server under test.
package struct BaseURL: Hashable, Sendable {
    /// Without a trailing slash.
    package let text: String
    package let host: String
    package let port: Int
    package let isTLS: Bool

    /// Nil unless the text is an absolute http or https URL without a query or fragment.
    package init?(_ text: String) {
        guard let url = URL(string: text), let scheme = url.scheme?.lowercased(), ["http", "https"].contains(scheme),
            let host = url.host(), !host.isEmpty, url.query() == nil, url.fragment() == nil,
            url.port.map((1...65_535).contains) ?? true
        else { return nil }
        self.text = text.hasSuffix("/") ? String(text.dropLast()) : text
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        isTLS = scheme == "https"
        port = url.port ?? (isTLS ? 443 : 80)
    }

    /// The password in the URL, if any.
    package var secrets: Secrets {
        var secrets = Secrets()
        secrets.insert(passwordIn: text)
        return secrets
    }

    /// Whether requests to it can be sent from any address in 127.0.0.0/8.
    package var isIPv4Loopback: Bool { host == "localhost" || host.hasPrefix("127.") }

    /// A placeholder for runs that need no server under test.
    package static var localhost: BaseURL {
        guard let base = BaseURL("http://localhost") else { preconditionFailure("this is a URL") }
        return base
    }

    /// The absolute URL of a request target: a path is appended to this URL, an absolute URL is used as it is.
    package func resolve(_ target: String) -> String {
        if target.hasPrefix("/") { return text + target }
        return target.isWholeURL ? target : "\(text)/\(target)"
    }
}
