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
