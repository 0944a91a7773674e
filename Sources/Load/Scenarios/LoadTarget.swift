/// The server that load goes to, from its base URL.
package struct LoadTarget: Sendable {
    /// Without a slash at its end: `http://127.0.0.1:8080/api`.
    package let url: String
    package let address: SocketAddress
    /// What `Host` says: the URL's host, and its port where it has one.
    let authority: String
    /// What stands before every path.
    let prefix: String

    /// Looks the host up.
    /// - Parameter url: an absolute http URL without query or fragment, and without a slash at its end.
    package init(url: String, host: String, port: Int, isTLS: Bool) throws(LoadError) {
        guard !isTLS else {
            throw .invalid(setting: "the base URL", reason: "load over TLS is not supported; take an http:// URL")
        }
        guard let number = UInt16(exactly: port) else {
            throw .invalid(setting: "the base URL", reason: "\(port) is no port")
        }
        let rest = url.drop { $0 != "/" }.drop { $0 == "/" }
        self.url = url
        authority = String(rest.prefix { $0 != "/" })
        prefix = String(rest.drop { $0 != "/" })
        address = try SocketAddress.resolve(host: host, port: number)
    }

    /// A request's target in origin form (RFC 9112 section 3.2.1); nil where it names another server.
    func path(of target: String) -> String? {
        var path: Substring
        if target.hasPrefix("http://") || target.hasPrefix("https://") {
            let server = "http://\(authority)"
            guard target.hasPrefix(server) else { return nil }
            path = target.dropFirst(server.count)
            guard path.isEmpty || path.hasPrefix("/") || path.hasPrefix("?") else { return nil }
        } else {
            path = Substring(prefix + (target.hasPrefix("/") ? target : "/\(target)"))
        }
        path = path.prefix { $0 != "#" }
        return path.hasPrefix("/") ? String(path) : "/\(path)"
    }
}
