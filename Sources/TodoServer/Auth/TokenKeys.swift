/// The key that tokens are signed with, and an older one whose tokens are good until they expire: so a secret is
/// changed without anybody being logged out.
package struct TokenKeys: Sendable {
    package var current: TokenKey
    package var previous: TokenKey?

    package init(current: TokenKey, previous: TokenKey? = nil) {
        self.current = current
        self.previous = previous
    }

    /// The claims of a token that either key signed.
    /// - Parameter now: seconds since 1970.
    package func verify(_ token: String, now: Int64) throws(TokenError) -> TokenClaims {
        do {
            return try current.verify(token, now: now)
        } catch {
            guard error == .wrongSignature, let previous else { throw error }
            return try previous.verify(token, now: now)
        }
    }
}
