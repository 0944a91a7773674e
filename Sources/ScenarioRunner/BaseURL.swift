import FoundationEssentials
import Scenario

/// Where the server under test is.
package struct BaseURL: Hashable, Sendable {
    /// Without a slash at its end.
    package let text: String
    package let host: String
    package let port: Int
    package let isTLS: Bool

    /// Nil where the text is no absolute http or https URL.
    package init?(_ text: String) {
        guard let url = URL(string: text), let scheme = url.scheme?.lowercased(), ["http", "https"].contains(scheme),
            let host = url.host(), !host.isEmpty, url.query() == nil, url.fragment() == nil
        else { return nil }
        self.text = text.hasSuffix("/") ? String(text.dropLast()) : text
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        isTLS = scheme == "https"
        port = url.port ?? (isTLS ? 443 : 80)
    }

    /// The password in it, where it has one.
    package var secrets: Secrets {
        var secrets = Secrets()
        secrets.insert(passwordIn: text)
        return secrets
    }

    /// Whether requests to it can come from any address in 127.0.0.0/8.
    package var isIPv4Loopback: Bool { host == "localhost" || host.hasPrefix("127.") }

    /// Stands in where nothing asks for a server under test.
    package static var localhost: BaseURL {
        guard let base = BaseURL("http://localhost") else { preconditionFailure("this is a URL") }
        return base
    }

    /// The whole URL of a request's target: a path is put after this one, a URL stands for itself.
    package func resolve(_ target: String) -> String {
        if target.hasPrefix("/") { return text + target }
        return target.isWholeURL ? target : "\(text)/\(target)"
    }
}
