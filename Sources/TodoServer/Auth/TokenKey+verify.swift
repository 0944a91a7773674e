import NIOCore

extension TokenKey {
    /// Longer tokens are rejected before any computation.
    private static let maximumBytes = 8 * 1024

    /// Verifies a token and returns its claims.
    ///
    /// Follows RFC 8725: a fixed algorithm, no key selection by the header, canonical encoding, no duplicate names.
    /// - Parameter now: seconds since 1970.
    package func verify(_ token: String, now: Int64) throws(TokenError) -> TokenClaims {
        let bytes = Array(token.utf8)
        guard bytes.count <= Self.maximumBytes else { throw .tooLong }
        let segments = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard segments.count == 3 else { throw .notThreeSegments }
        guard let header = Base64URL.decode(segments[0]), let payload = Base64URL.decode(segments[1]),
            let signature = Base64URL.decode(segments[2])
        else { throw .notCanonicalBase64URL }
        try Self.check(header: header)
        guard isSignature(signature, of: bytes[..<segments[1].endIndex]) else { throw .wrongSignature }
        return try Self.claims(of: payload, now: now)
    }

    private static func check(header bytes: [UInt8]) throws(TokenError) {
        guard case .object(let header)? = try? JSONReader.value(of: bytes) else { throw .headerNotAnObject }
        guard !header.hasDuplicates else { throw .duplicateNames }
        guard header["alg"] == .string("HS256") else { throw .wrongAlgorithm }
        guard header["typ"] == nil || header["typ"] == .string("JWT") else { throw .wrongType }
        guard header["crit"] == nil else { throw .criticalExtension }
    }

    private static func claims(of bytes: [UInt8], now: Int64) throws(TokenError) -> TokenClaims {
        guard case .object(let payload)? = try? JSONReader.value(of: bytes) else { throw .payloadNotAnObject }
        guard !payload.hasDuplicates else { throw .duplicateNames }
        guard case .string(let subject)? = payload["sub"], !subject.isEmpty else { throw .invalidClaim("sub") }
        guard let expiry = try date("exp", in: payload) else { throw .invalidClaim("exp") }
        guard Double(now) < expiry else { throw .expired }
        if let start = try date("nbf", in: payload), Double(now) < start { throw .notYetValid }
        let issued = try date("iat", in: payload)
        return TokenClaims(
            subject: subject, issuedAt: Int64(clamping: issued ?? 0), expiresAt: Int64(clamping: expiry))
    }

    /// A NumericDate (RFC 7519 section 2): seconds, possibly with a fraction. Nil if the claim is absent.
    private static func date(_ name: String, in payload: JSONObject) throws(TokenError) -> Double? {
        guard let value = payload[name] else { return nil }
        guard case .number(let text) = value, let seconds = Double(text), seconds.isFinite else {
            throw .invalidClaim(name)
        }
        return seconds
    }
}

extension Int64 {
    /// Rounds down, and clamps to the range of `Int64`.
    fileprivate init(clamping seconds: Double) {
        self = Int64(exactly: seconds.rounded(.down)) ?? (seconds < 0 ? .min : .max)
    }
}

extension JSONValue {
    /// The value serialized as JSON.
    package var bytes: [UInt8] {
        var buffer = ByteBuffer()
        buffer.writeJSON(self)
        return Array(buffer.readableBytesView)
    }
}
