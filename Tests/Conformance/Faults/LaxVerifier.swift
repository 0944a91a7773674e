import NIOCore

@testable import TodoServer

/// A verification of tokens with parts left out.
struct LaxVerifier: Sendable {
    enum Check: Sendable {
        case signature, algorithm, type, critical, expiry, expiryType, notBefore, duplicates, segments, canonical
        case padding, emptyCritical
    }

    /// The checks that it does not make.
    var skipped: Set<Check> = []
    /// Seconds by which a token may have expired.
    var leeway = 0.0
    /// Seconds by which it may have yet to begin.
    var earliness = 0.0
    /// The longest token that it looks at, in bytes.
    var longest = 8192
    /// The key that a header asks for; the server's own by default.
    var key: @Sendable (JSONObject) -> TokenKey? = { _ in Parts.key }
    /// The user whom a subject stands for.
    var user: @Sendable (JSONValue?) -> String? = { if case .string(let name)? = $0 { name } else { nil } }

    /// The name of the user whose token it is; nil where even this is not content.
    func user(of token: String) -> String? {
        guard token.utf8.count <= longest else { return nil }
        var segments = token.split(separator: ".", omittingEmptySubsequences: false)
        if skipped.contains(.segments) {
            segments = Array(segments.drop(while: \.isEmpty).prefix(3))
        }
        guard segments.count == 3, let header = object(segments[0]), let claims = object(segments[1]),
            let signature = decode(segments[2])
        else { return nil }
        guard accepts(header), accepts(claims: claims),
            accepts(signature, over: segments[0] + "." + segments[1], header)
        else { return nil }
        return user(claims["sub"])
    }

    private func decode(_ segment: Substring) -> [UInt8]? {
        var segment = segment
        if skipped.contains(.padding) { segment = segment.prefix { $0 != "=" } }
        if let bytes = Base64URL.decode(segment.utf8) { return bytes }
        guard skipped.contains(.canonical), let last = segment.last else { return nil }
        // Whatever the unused bits of the last letter are, one of its three neighbours before it has them clear.
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        guard let place = letters.firstIndex(of: last) else { return nil }
        return Base64URL.decode((segment.dropLast() + String(letters[place / 4 * 4])).utf8)
    }

    private func object(_ segment: Substring) -> JSONObject? {
        guard let bytes = decode(segment), case .object(let object)? = try? JSONReader.value(of: bytes),
            skipped.contains(.duplicates) || !object.hasDuplicates
        else { return nil }
        return object
    }

    private func accepts(_ header: JSONObject) -> Bool {
        let hasType = header["typ"] == nil || header["typ"] == .string("JWT")
        let isCritical = header["crit"] != nil && !(skipped.contains(.emptyCritical) && header["crit"] == .array([]))
        return (skipped.contains(.algorithm) || header["alg"] == .string("HS256"))
            && (skipped.contains(.type) || hasType) && (skipped.contains(.critical) || !isCritical)
    }

    private func accepts(claims: JSONObject) -> Bool {
        let now = Double(WallClock.seconds)
        func number(_ name: String) -> Double? {
            switch claims[name] {
            case .number(let text): Double(text)
            case .string(let text) where skipped.contains(.expiryType): Double(text)
            default: nil
            }
        }
        let isAlive = number("exp").map { now < $0 + leeway } ?? false
        let hasBegun = claims["nbf"] == nil || number("nbf").map { $0 <= now + earliness } ?? false
        return (isAlive || skipped.contains(.expiry)) && (hasBegun || skipped.contains(.notBefore))
    }

    private func accepts(_ signature: [UInt8], over message: Substring, _ header: JSONObject) -> Bool {
        if skipped.contains(.signature) { return true }
        if skipped.contains(.algorithm), signature.isEmpty { return false }
        return key(header)?.isSignature(signature, of: Array(message.utf8)) ?? false
    }
}

extension TokenKey {
    /// A key of any length: HMAC fills a short one up with zeros (RFC 2104 section 2).
    init?(weak secret: some Sequence<UInt8>) {
        let bytes = Array(secret)
        self.init(secret: bytes + [UInt8](repeating: 0, count: max(0, TokenKey.minimumBytes - bytes.count)))
    }
}
