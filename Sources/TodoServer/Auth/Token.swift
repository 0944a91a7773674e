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

/// Why a token is invalid. For logs and tests; the response does not include it.
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

    /// Signs the claims as a compact JWS (RFC 7515 section 7.1).
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
