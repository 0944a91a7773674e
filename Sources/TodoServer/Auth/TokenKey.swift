import COpenSSL

/// The secret that tokens are signed with, by HMAC-SHA-256.
package struct TokenKey: Sendable {
    /// RFC 7518 section 3.2: a key at least as long as the hash's output.
    package static let minimumBytes = 32

    private let secret: [UInt8]

    /// Nil where the secret is too short to be safe.
    package init?(secret: [UInt8]) {
        guard secret.count >= Self.minimumBytes else { return nil }
        self.secret = secret
    }

    private init(random count: Int) {
        var generator = SystemRandomNumberGenerator()
        secret = (0..<count).map { _ in generator.next() }
    }

    /// A key that nobody knows: its tokens die with the process.
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

    /// Compares in a time that does not depend on where the signatures differ.
    package func isSignature(_ signature: [UInt8], of message: some Collection<UInt8>) -> Bool {
        let expected = self.signature(of: message)
        return signature.count == expected.count && CRYPTO_memcmp(signature, expected, expected.count) == 0
    }
}
