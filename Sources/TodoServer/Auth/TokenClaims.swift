/// A token's claims: `sub`, `iat` and `exp` of RFC 7519.
package struct TokenClaims: Sendable, Equatable {
    package var subject: String
    /// Seconds since 1970.
    package var issuedAt: Int64
    /// Seconds since 1970. The token is invalid from this second on.
    package var expiresAt: Int64

    package init(subject: String, issuedAt: Int64, expiresAt: Int64) {
        self.subject = subject
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
    }
}
