import Testing

@testable import TodoServer

@Suite struct TokenTests {
    private static let now: Int64 = 1_800_000_000
    private static let key = TokenKey(secret: Array("0123456789abcdef0123456789abcdef".utf8))!

    private static func token(header: String, payload: String, by key: TokenKey = key) -> String {
        let message =
            Base64URL.encode(header.utf8) + [UInt8(ascii: ".")] + Base64URL.encode(payload.utf8)
        let signature = Base64URL.encode(key.signature(of: message))
        return String(decoding: message + [UInt8(ascii: ".")] + signature, as: UTF8.self)
    }

    private static let header = #"{"alg":"HS256","typ":"JWT"}"#
    private static let payload = #"{"sub":"admin","exp":1800000100}"#

    @Test("a signed token verifies with the same claims")
    func signsWhatItVerifies() throws {
        let claims = TokenClaims(subject: "admin", issuedAt: Self.now, expiresAt: Self.now + 1800)
        #expect(try Self.key.verify(Self.key.sign(claims), now: Self.now) == claims)
    }

    /// RFC 7515, appendix A.1.
    @Test("the signature matches the example in RFC 7515")
    func agreesWithTheStandard() throws {
        let secret = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"
        let bytes = try #require(Base64URL.decode(secret.utf8))
        let key = try #require(TokenKey(secret: bytes))
        let message =
            "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
            + ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
        let signature = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
        #expect(Base64URL.encode(key.signature(of: message.utf8)) == Array(signature.utf8))
        // The token has no subject, so it is invalid, but only after its signature was verified.
        #expect(throws: TokenError.invalidClaim("sub")) {
            try key.verify("\(message).\(signature)", now: 1_300_000_000)
        }
    }

    @Test(
        "a header with HS256 is accepted, and keys that it names are ignored",
        arguments: [
            #"{"alg":"HS256"}"#, #"{"typ":"JWT","alg":"HS256"}"#,
            #"{"alg":"HS256","kid":"../../dev/null","jku":"http://x"}"#,
            #"{"alg":"HS256","jwk":{"kty":"oct","k":"AA"},"x5u":"http://x"}"#,
        ])
    func acceptsHeader(_ header: String) throws {
        #expect(
            try Self.key.verify(Self.token(header: header, payload: Self.payload), now: Self.now).subject == "admin")
    }

    @Test(
        "an invalid header is rejected",
        arguments: [
            (#"{"alg":"none"}"#, TokenError.wrongAlgorithm), (#"{"alg":"None"}"#, .wrongAlgorithm),
            (#"{"alg":"NONE"}"#, .wrongAlgorithm), (#"{"alg":"hs256"}"#, .wrongAlgorithm),
            (#"{"alg":"HS384"}"#, .wrongAlgorithm), (#"{"alg":"RS256"}"#, .wrongAlgorithm),
            (#"{"alg":["HS256"]}"#, .wrongAlgorithm), (#"{}"#, .wrongAlgorithm),
            (#"{"alg":"HS256","typ":"JWE"}"#, .wrongType), (#"{"alg":"HS256","typ":null}"#, .wrongType),
            (#"{"alg":"HS256","crit":[]}"#, .criticalExtension),
            (#"{"alg":"HS256","crit":["exp"]}"#, .criticalExtension),
            (#"{"alg":"none","alg":"HS256"}"#, .duplicateNames), (#"["HS256"]"#, .headerNotAnObject),
            ("", .headerNotAnObject),
        ])
    func refusesHeader(_ header: String, _ error: TokenError) {
        #expect(throws: error) { try Self.key.verify(Self.token(header: header, payload: Self.payload), now: Self.now) }
    }

    @Test(
        "an invalid payload is rejected",
        arguments: [
            (#"{"sub":"admin"}"#, TokenError.invalidClaim("exp")), (#"{"exp":1800000100}"#, .invalidClaim("sub")),
            (#"{"sub":"","exp":1800000100}"#, .invalidClaim("sub")),
            (#"{"sub":1,"exp":1800000100}"#, .invalidClaim("sub")),
            (#"{"sub":"admin","exp":"1800000100"}"#, .invalidClaim("exp")),
            (#"{"sub":"admin","exp":null}"#, .invalidClaim("exp")),
            (#"{"sub":"admin","exp":1e999}"#, .invalidClaim("exp")),
            (#"{"sub":"admin","exp":1800000000}"#, .expired), (#"{"sub":"admin","exp":-1}"#, .expired),
            (#"{"sub":"admin","exp":1800000100,"nbf":1800000001}"#, .notYetValid),
            (#"{"sub":"admin","exp":1800000100,"nbf":"0"}"#, .invalidClaim("nbf")),
            (#"{"sub":"admin","exp":1800000100,"iat":"0"}"#, .invalidClaim("iat")),
            (#"{"sub":"admin","sub":"root","exp":1800000100}"#, .duplicateNames),
            (#"{"sub":"admin","exp":1,"\u0065xp":1800000100}"#, .duplicateNames),
            (#"[]"#, .payloadNotAnObject), ("{", .payloadNotAnObject),
        ])
    func refusesPayload(_ payload: String, _ error: TokenError) {
        #expect(throws: error) { try Self.key.verify(Self.token(header: Self.header, payload: payload), now: Self.now) }
    }

    @Test(
        "a date with a fraction or an exponent is accepted",
        arguments: [#"{"sub":"admin","exp":1800000000.5}"#, #"{"sub":"admin","exp":1.9e9,"nbf":1800000000}"#])
    func acceptsPayload(_ payload: String) throws {
        #expect(
            try Self.key.verify(Self.token(header: Self.header, payload: payload), now: Self.now).subject == "admin")
    }

    @Test("an altered token is rejected")
    func refusesAlteredBytes() {
        let token = Self.token(header: Self.header, payload: Self.payload)
        #expect(throws: TokenError.notThreeSegments) { try Self.key.verify("", now: Self.now) }
        #expect(throws: TokenError.notThreeSegments) { try Self.key.verify(token + ".", now: Self.now) }
        #expect(throws: TokenError.notCanonicalBase64URL) { try Self.key.verify(token + "=", now: Self.now) }
        let unsigned = token.prefix { _ in true }.split(separator: ".").dropLast().joined(separator: ".") + "."
        #expect(throws: TokenError.wrongSignature) { try Self.key.verify(unsigned, now: Self.now) }
        #expect(throws: TokenError.wrongSignature) {
            try Self.key.verify(Self.token(header: Self.header, payload: Self.payload, by: .random()), now: Self.now)
        }
    }

    /// A signature's last character carries four bits. Its other two must be zero, or four texts would be the same
    /// signature.
    @Test("only one last character of a signature is accepted")
    func refusesEveryOtherLastCharacter() throws {
        let token = Self.token(header: Self.header, payload: Self.payload)
        var accepted = 0
        for character in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_" {
            if (try? Self.key.verify(token.dropLast() + String(character), now: Self.now)) != nil { accepted += 1 }
        }
        #expect(accepted == 1)
    }

    @Test("a token over 8 KiB is rejected")
    func boundsLength() {
        func token(padding: Int) -> String {
            let payload = #"{"sub":"admin","exp":1800000100,"x":""# + String(repeating: "x", count: padding) + "\"}"
            return Self.token(header: Self.header, payload: payload)
        }
        #expect(throws: Never.self) { try Self.key.verify(token(padding: 6000), now: Self.now) }
        #expect(throws: TokenError.tooLong) { try Self.key.verify(token(padding: 6100), now: Self.now) }
    }

    @Test("a secret shorter than 32 bytes is rejected")
    func refusesShortSecrets() {
        #expect(TokenKey(secret: Array(repeating: 0, count: 31)) == nil)
        #expect(TokenKey(secret: Array(repeating: 0, count: 32)) != nil)
    }

    @Test(
        "text that is not canonical base64url is rejected",
        arguments: ["A", "AAA=", "AA==", "A+AA", "A/AA", "AA\n", "AB", "AAF"])
    func refusesBase64URL(_ text: String) {
        #expect(Base64URL.decode(text.utf8) == nil)
    }

    @Test("base64url decoding reverses encoding", arguments: 0..<70)
    func base64URLRoundTrips(_ count: Int) {
        let bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max) }
        #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
    }

    /// Tokens signed with any other secret are still rejected.
    @Test("a token signed with the previous secret is accepted")
    func acceptsThePreviousSecret() throws {
        func key(_ letter: Character) throws -> TokenKey {
            try #require(TokenKey(secret: Array(String(repeating: letter, count: 32).utf8)))
        }
        let claims = TokenClaims(subject: "admin", issuedAt: 0, expiresAt: 1000)
        let keys = try TokenKeys(current: key("b"), previous: key("a"))
        #expect(try keys.verify(key("b").sign(claims), now: 999) == claims)
        #expect(try keys.verify(key("a").sign(claims), now: 999) == claims)
        #expect(throws: TokenError.wrongSignature) { try keys.verify(key("c").sign(claims), now: 999) }
        #expect(throws: TokenError.expired) { try keys.verify(key("a").sign(claims), now: 1000) }
        #expect(throws: TokenError.wrongSignature) {
            try TokenKeys(current: key("b")).verify(key("a").sign(claims), now: 999)
        }
    }
}
