import CCrypt

/// Hashes passwords with bcrypt on threads of its own: at cost 12 one hash takes a quarter of a second.
package struct Passwords: Sendable {
    /// Bytes beyond these are ignored by bcrypt itself, so they are never accepted.
    package static let maximumBytes = 72
    package static let costs = 4...16

    private let cost: Int
    private let pool: WorkerPool
    /// What an unknown user's password is compared with, so that its answer takes the same time.
    private let dummy: String

    package init(cost: Int, pool: WorkerPool) {
        self.cost = cost
        self.pool = pool
        self.dummy = Self.setting(cost: cost) + String(repeating: "x", count: 31)
    }

    package func hash(_ password: String) async throws -> String {
        try await pool.run { [cost] in try Self.crypt(Array(password.utf8), setting: Self.setting(cost: cost)) }
    }

    /// Whether the password is the one that `hash` was made of; exactly one hash is computed in every case.
    /// - Parameter hash: nil where the user is unknown; the answer is false then.
    package func verify(_ password: String, against hash: String?) async throws -> Bool {
        let bytes = Array(password.utf8)
        // bcrypt reads up to a NUL and up to 72 bytes: past either, a wrong password could look right.
        let isWhole = bytes.count <= Self.maximumBytes && !bytes.contains(0)
        let expected = hash ?? dummy
        let computed = try await pool.run {
            try Self.crypt(Array(bytes.prefix(Self.maximumBytes)), setting: expected)
        }
        return computed == expected && isWhole && hash != nil
    }

    /// Whether the hash has another cost than those that are made now: its user is to get a new one while the password is
    /// at hand, or the time of a failed login would tell that there is such a user.
    package func isOutdated(_ hash: String) -> Bool {
        !hash.hasPrefix(Self.prefix(cost: cost))
    }

    private static func prefix(cost: Int) -> String { "$2b$\(cost < 10 ? "0" : "")\(cost)$" }

    /// `$2b$`, the cost and a random salt of 128 bits, in bcrypt's own alphabet.
    static func setting(cost: Int) -> String {
        let alphabet = Array("./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
        var generator = SystemRandomNumberGenerator()
        var salt = (0..<21).map { _ in alphabet[Int.random(in: 0..<64, using: &generator)] }
        // The 22nd character carries the last two bits alone; the four that it leaves unused must be zero.
        salt.append(alphabet[Int.random(in: 0..<4, using: &generator) << 4])
        return prefix(cost: cost) + String(decoding: salt, as: UTF8.self)
    }

    /// libxcrypt could not hash: the stored hash is damaged.
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
