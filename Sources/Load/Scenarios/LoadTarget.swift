import Scenario

/// The server that load goes to, from its base URL.
package struct LoadTarget: Sendable {
    /// Without name and password, and without a slash at its end: `http://127.0.0.1:8080/api`.
    package let url: String
    package let address: SocketAddress
    /// Nil for http.
    let tls: TLSContext?
    /// What `Host` says: the URL's host, and its port where it has one.
    let authority: String
    /// The URL's name and password.
    let userinfo: Userinfo?
    private let authorization: String?
    /// What stands before every path.
    let prefix: String
    private let scheme: String

    /// Looks the host up, and reads what TLS needs.
    /// - Parameters:
    ///   - url: an absolute http or https URL without query or fragment, and without a slash at its end.
    ///   - client: how connections are made.
    ///   - directory: what the paths in `client` are relative to.
    package init(
        url: String, host: String, port: Int, isTLS: Bool, client: ClientOptions = ClientOptions(),
        directory: String = "."
    ) throws(LoadError) {
        guard let number = UInt16(exactly: port) else {
            throw .invalid(setting: "the base URL", reason: "\(port) is not a valid port")
        }
        func path(_ path: String) -> String { path.hasPrefix("/") ? path : "\(directory)/\(path)" }
        let rest = url.drop { $0 != "/" }.drop { $0 == "/" }
        let server = rest.prefix { $0 != "/" }
        scheme = isTLS ? "https" : "http"
        authority = String(server[(server.lastIndex(of: "@").map(server.index(after:)) ?? server.startIndex)...])
        userinfo = Userinfo(of: url)
        authorization = Self.authorization(of: url)
        prefix = String(rest.drop { $0 != "/" })
        self.url = "\(scheme)://\(authority)\(prefix)"
        if let socket = client.unixSocket {
            address = try SocketAddress(unixSocket: path(socket))
        } else {
            address = try SocketAddress.resolve(host: client.resolve["\(host):\(port)"] ?? host, port: number)
        }
        guard isTLS else {
            tls = nil
            return
        }
        var settings = TLSSettings()
        settings.isInsecure = client.isInsecure
        settings.authorities = client.caFile.map(path)
        settings.certificate = client.certificate.map(path)
        settings.key = client.key.map(path)
        tls = try TLSContext(host: host, settings)
    }

    /// What `Authorization` says where a request does not: by the URL that it is sent to, its own or this one.
    func authorization(for target: String) -> String? {
        target.isWholeURL ? Self.authorization(of: target) : authorization
    }

    /// As libcurl reads a URL's name and password; either may be missing.
    private static func authorization(of url: String) -> String? {
        guard let scheme = url.firstRange(of: "://") else { return nil }
        let authority = url[scheme.upperBound...].prefix { !"/?#".contains($0) }
        guard let at = authority.lastIndex(of: "@") else { return nil }
        let parts = authority[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let words = parts.map { Encoding.decodePercent($0) } + (parts.count < 2 ? [""] : [])
        return "Basic " + Encoding.base64(Array(words.joined(separator: ":").utf8))
    }

    /// A request's target in origin form (RFC 9112 section 3.2.1).
    /// - Throws: where it names another server.
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

    /// Whether host and port are this server's. Letters of a host are alike, and a port may be left out that goes
    /// without saying (RFC 9110 section 4.2.3).
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
