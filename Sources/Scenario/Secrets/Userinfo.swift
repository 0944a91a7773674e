/// The user name and password in a URL (RFC 3986 section 3.2.1), decoded.
package struct Userinfo: Hashable, Sendable {
    package let user: String
    package let password: String

    /// Nil if the URL has no password.
    package init?(of url: String) {
        guard let scheme = url.firstRange(of: "://") else { return nil }
        let authority = url[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard let at = authority.lastIndex(of: "@"), let colon = authority[..<at].firstIndex(of: ":") else {
            return nil
        }
        let (user, password) = (authority[..<colon], authority[authority.index(after: colon)..<at])
        guard !password.isEmpty else { return nil }
        self.user = Encoding.decodePercent(user)
        self.password = Encoding.decodePercent(password)
    }
}
