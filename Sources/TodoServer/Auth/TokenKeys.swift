/// The key that signs tokens, and the previous one, whose tokens stay valid until they expire.
///
/// This allows the secret to be rotated without logging users out.
package struct TokenKeys: Sendable {
    package var current: TokenKey
    package var previous: TokenKey?

    package init(current: TokenKey, previous: TokenKey? = nil) {
        self.current = current
        self.previous = previous
    }

    /// Verifies a token that either key signed, and returns its claims.
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
