import CCrypt

/// Hashes passwords with bcrypt on dedicated threads. At cost 12, one hash takes about 250 ms.
package struct Passwords: Sendable {
    /// bcrypt ignores bytes beyond this length, so longer passwords are rejected.
    package static let maximumBytes = 72
    package static let costs = 4...16

    private let cost: Int
    private let pool: WorkerPool
    /// A hash to compare an unknown user's password with, so that the response takes the same time.
    private let dummy: String

    package init(cost: Int, pool: WorkerPool) {
        self.cost = cost
        self.pool = pool
        self.dummy = Self.setting(cost: cost) + String(repeating: "x", count: 31)
    }

    package func hash(_ password: String) async throws -> String {
        try await pool.run { [cost] in try Self.crypt(Array(password.utf8), setting: Self.setting(cost: cost)) }
    }

    /// Whether the password matches the hash. Always computes exactly one hash.
    /// - Parameter hash: nil if the user is unknown; the result is then false.
    package func verify(_ password: String, against hash: String?) async throws -> Bool {
        let bytes = Array(password.utf8)
        // bcrypt stops at a NUL and after 72 bytes, so a password that differs only beyond that would match.
        let isWhole = bytes.count <= Self.maximumBytes && !bytes.contains(0)
        let expected = hash ?? dummy
        let computed = try await pool.run {
            try Self.crypt(Array(bytes.prefix(Self.maximumBytes)), setting: expected)
        }
        return computed == expected && isWhole && hash != nil
    }

    /// Whether the hash has another cost than the configured one.
    ///
    /// Such a hash is replaced at the next login, because the time of a failed login reveals that the user exists.
    package func isOutdated(_ hash: String) -> Bool {
        !hash.hasPrefix(Self.prefix(cost: cost))
    }

    private static func prefix(cost: Int) -> String { "$2b$\(cost < 10 ? "0" : "")\(cost)$" }

    /// `$2b$`, the cost and a random 128-bit salt in bcrypt's alphabet.
    static func setting(cost: Int) -> String {
        let alphabet = Array("./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
        var generator = SystemRandomNumberGenerator()
        var salt = (0..<21).map { _ in alphabet[Int.random(in: 0..<64, using: &generator)] }
        // The 22nd character carries only the last two bits; its four unused bits must be zero.
        salt.append(alphabet[Int.random(in: 0..<4, using: &generator) << 4])
        return prefix(cost: cost) + String(decoding: salt, as: UTF8.self)
    }

    /// libxcrypt rejected the stored hash, which must be damaged.
    struct CryptFailure: Error {}

    private static func crypt(_ password: [UInt8], setting: String) throws -> String {
        let phrase = password.map(CChar.init(bitPattern:)) + [0]
        let size = MemoryLayout<crypt_data>.size
        return try withUnsafeTemporaryAllocation(byteCount: size, alignment: MemoryLayout<crypt_data>.alignment) {
            data in
            data.initializeMemory(as: UInt8.self, repeating: 0)
            guard let hash = crypt_rn(phrase, setting, data.baseAddress, CInt(size)) else { throw CryptFailure() }
            return String(cString: hash)
        }
    }
}
