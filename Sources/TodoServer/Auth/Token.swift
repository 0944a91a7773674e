/// What a token says: RFC 7519's `sub`, `iat` and `exp`.
package struct TokenClaims: Sendable, Equatable {
    package var subject: String
    /// Seconds since 1970.
    package var issuedAt: Int64
    /// Seconds since 1970; from this second on the token is dead.
    package var expiresAt: Int64

    package init(subject: String, issuedAt: Int64, expiresAt: Int64) {
        self.subject = subject
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
    }
}

/// Why a token does not verify. For logs and tests: a client learns only that it does not.
package enum TokenError: Error, Equatable {
    case tooLong
    case notThreeSegments
    case notCanonicalBase64URL
    case headerNotAnObject
    case wrongAlgorithm
    case wrongType
    case criticalExtension
    case wrongSignature
    case payloadNotAnObject
    case duplicateNames
    case invalidClaim(String)
    case expired
    case notYetValid
}

extension TokenKey {
    /// `{"alg":"HS256","typ":"JWT"}`
    private static let header = Base64URL.encode(#"{"alg":"HS256","typ":"JWT"}"#.utf8)

    /// A compact JWS (RFC 7515 section 7.1) of the claims.
    package func sign(_ claims: TokenClaims) -> String {
        let payload = JSONValue.object(
            JSONObject(members: [
                .init(name: "sub", value: .string(claims.subject)),
                .init(name: "iat", value: .number(String(claims.issuedAt))),
                .init(name: "exp", value: .number(String(claims.expiresAt))),
            ]))
        var message = Self.header + [UInt8(ascii: ".")] + Base64URL.encode(payload.bytes)
        let signature = Base64URL.encode(signature(of: message))
        message.append(UInt8(ascii: "."))
        return String(decoding: message + signature, as: UTF8.self)
    }
}
