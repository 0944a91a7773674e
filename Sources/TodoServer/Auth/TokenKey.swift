import COpenSSL

/// The secret that signs tokens with HMAC-SHA-256.
package struct TokenKey: Sendable {
    /// The key must be at least as long as the hash output (RFC 7518 section 3.2).
    package static let minimumBytes = 32

    private let secret: [UInt8]

    /// Returns nil if the secret is shorter than `minimumBytes`.
    package init?(secret: [UInt8]) {
        guard secret.count >= Self.minimumBytes else { return nil }
        self.secret = secret
    }

    private init(random count: Int) {
        var generator = SystemRandomNumberGenerator()
        secret = (0..<count).map { _ in generator.next() }
    }

    /// A random key. Its tokens do not outlive the process.
    package static func random() -> TokenKey {
        TokenKey(random: minimumBytes)
    }

    package func signature(of message: some Collection<UInt8>) -> [UInt8] {
        let message = Array(message)
        var mac = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var length: UInt32 = 0
        HMAC(EVP_sha256(), secret, CInt(secret.count), message, message.count, &mac, &length)
        return Array(mac.prefix(Int(length)))
    }

    /// Compares in constant time.
    package func isSignature(_ signature: [UInt8], of message: some Collection<UInt8>) -> Bool {
        let expected = self.signature(of: message)
        return signature.count == expected.count && CRYPTO_memcmp(signature, expected, expected.count) == 0
    }
}
