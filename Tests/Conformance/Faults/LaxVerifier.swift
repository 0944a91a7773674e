import NIOCore

@testable import TodoServer

/// A token verifier that skips some checks.
struct LaxVerifier: Sendable {
    enum Check: Sendable {
        case signature, algorithm, type, critical, expiry, expiryType, notBefore, duplicates, segments, canonical
        case padding, emptyCritical
    }

    /// The checks to skip.
    var skipped: Set<Check> = []
    /// Seconds after `exp` for which a token is still accepted.
    var leeway = 0.0
    /// Seconds before `nbf` from which a token is accepted.
    var earliness = 0.0
    /// Maximum length of a token, in bytes.
    var longest = 8192
    /// The key to verify with, given the header; by default the server's key.
    var key: @Sendable (JSONObject) -> TokenKey? = { _ in Parts.key }
    /// The username for a subject.
    var user: @Sendable (JSONValue?) -> String? = { if case .string(let name)? = $0 { name } else { nil } }

    /// The username of a token, or nil if the verifier rejects it.
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
        // Clear the unused bits: of each group of four letters, the first has them clear.
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
    /// A key of any length. HMAC pads a short key with zeros (RFC 2104 section 2).
    init?(weak secret: some Sequence<UInt8>) {
        let bytes = Array(secret)
        self.init(secret: bytes + [UInt8](repeating: 0, count: max(0, TokenKey.minimumBytes - bytes.count)))
    }
}
