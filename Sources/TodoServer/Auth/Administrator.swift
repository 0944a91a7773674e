/// The user that there is from the start.
struct Administrator: Sendable {
    static let name = "admin"

    let users: any UserStore
    let passwords: Passwords

    /// Makes the user where there is none, and sets the password where one is given.
    /// - Parameter password: nil for the demonstration password, which replaces no other.
    func prepare(password: String?) async throws {
        // Another instance may do the same at the same time. Then look at what it did.
        while try await !attempt(password: password) {}
    }

    /// - Returns: false where another instance was faster.
    private func attempt(password: String?) async throws -> Bool {
        guard let known = try await users.user(named: Self.name) else {
            let hash = try await passwords.hash(password ?? Configuration.demonstrationPassword)
            return try await users.addUser(named: Self.name, passwordHash: hash) != nil
        }
        guard let password else { return true }
        let isSame = try await passwords.verify(password, against: known.passwordHash)
        guard !isSame || passwords.isOutdated(known.passwordHash) else { return true }
        return try await users.replacePasswordHash(
            known.passwordHash, by: passwords.hash(password), of: known.user.id)
    }
}
