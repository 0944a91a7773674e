import Scenario
import ScenarioRunner

/// The server under load, from its base URL.
package struct LoadTarget: Sendable {
    /// The base URL without credentials or trailing slash: `http://127.0.0.1:8080/api`.
    package let url: String
    package let address: SocketAddress
    /// Nil for http.
    let tls: TLSContext?
    /// The value of `Host`: the URL's host, with its port if given.
    let authority: String
    /// The user name and password in the URL.
    let userinfo: Userinfo?
    /// How setup and teardown connect to it, over libcurl.
    let connection: ConnectionSettings
    private let authorization: String?
    /// The base URL's path, prepended to every relative path.
    let prefix: String
    private let scheme: String

    /// Resolves the host and loads the files that TLS needs.
    /// - Parameters:
    ///   - client: the options for connections.
    ///   - directory: the directory that paths in `client` are relative to.
    package init(
        _ base: BaseURL, client: ClientOptions = ClientOptions(), directory: String = "."
    ) throws(LoadError) {
        var connection = ConnectionSettings(base: base)
        connection.options = client
        connection.directory = directory
        let (url, name) = (base.text, "\(base.host):\(base.port)")
        let rest = url.drop { $0 != "/" }.drop { $0 == "/" }
        let server = rest.prefix { $0 != "/" }
        scheme = base.isTLS ? "https" : "http"
        authority = String(server[(server.lastIndex(of: "@").map(server.index(after:)) ?? server.startIndex)...])
        userinfo = Userinfo(of: url)
        authorization = Self.authorization(of: url)
        prefix = String(rest.drop { $0 != "/" })
        self.url = "\(scheme)://\(authority)\(prefix)"
        if let socket = client.unixSocket {
            address = try SocketAddress(unixSocket: connection.path(socket))
        } else {
            let port = UInt16(clamping: base.port)
            address = try SocketAddress.resolve(host: client.resolve[name] ?? base.host, port: port)
            // Setup, load and teardown meet the same server, even if its name has several addresses.
            if address.host != base.host { connection.options.resolve[name] = address.host }
        }
        self.connection = connection
        guard base.isTLS else {
            tls = nil
            return
        }
        var settings = TLSSettings()
        settings.isInsecure = client.isInsecure
        settings.authorities = client.caFile.map(connection.path)
        settings.certificate = client.certificate.map(connection.path)
        settings.key = client.key.map(connection.path)
        tls = try TLSContext(host: base.host, settings)
    }

    /// The value of `Authorization` for a request without one: from the credentials in its own URL if that is absolute,
    /// otherwise in the base URL.
    func authorization(for target: String) -> String? {
        target.isWholeURL ? Self.authorization(of: target) : authorization
    }

    /// Builds a Basic value from a URL's credentials, as libcurl does. User name and password may be missing.
    private static func authorization(of url: String) -> String? {
        guard let scheme = url.firstRange(of: "://") else { return nil }
        let authority = url[scheme.upperBound...].prefix { !"/?#".contains($0) }
        guard let at = authority.lastIndex(of: "@") else { return nil }
        let parts = authority[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let words = parts.map { Encoding.decodePercent($0) } + (parts.count < 2 ? [""] : [])
        return "Basic " + Encoding.base64(Array(words.joined(separator: ":").utf8))
    }

    /// A request's target in origin form (RFC 9112 section 3.2.1).
    /// - Throws: if it names another server.
    func path(of target: String) throws(UnsendableRequest) -> String {
        var path: Substring
        if let scheme = target.scheme {
            guard ["http", "https"].contains(scheme) else {
                throw UnsendableRequest("unsupported scheme \(scheme); load supports http and https")
            }
            let rest = target.dropFirst(scheme.count + 3)
            let server = rest.prefix { !"/?#".contains($0) }
            guard scheme == self.scheme, isSame(server) else {
                let host = server.lastIndex(of: "@").map { server[$0...].dropFirst() } ?? server
                throw UnsendableRequest("load sends requests only to \(url), but this one goes to \(scheme)://\(host)")
            }
            path = rest.dropFirst(server.count)
        } else {
            path = Substring(prefix + (target.hasPrefix("/") ? target : "/\(target)"))
        }
        path = path.prefix { $0 != "#" }
        return path.hasPrefix("/") ? String(path) : "/\(path)"
    }

    /// Whether host and port are this server's. Hosts compare without case, and the scheme's default port may be
    /// omitted (RFC 9110 section 4.2.3).
    private func isSame(_ server: Substring) -> Bool {
        func normal(_ authority: Substring) -> String {
            let host = authority.lastIndex(of: "@").map { authority[$0...].dropFirst() } ?? authority
            let text = host.lowercased()
            let port = scheme == "https" ? ":443" : ":80"
            return text.hasSuffix(port) ? String(text.dropLast(port.count)) : text
        }
        return normal(server) == normal(authority[...])
    }
}
