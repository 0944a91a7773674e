/// Creates the built-in user `admin` and updates its password.
struct Administrator: Sendable {
    static let name = "admin"

    let users: any UserStore
    let passwords: Passwords

    /// Creates the user if it does not exist, and sets its password if one is given.
    /// - Parameter password: nil for the demonstration password, which never replaces an existing password.
    func prepare(password: String?) async throws {
        // Another instance may do the same at the same time. If so, start over from what it wrote.
        while try await !attempt(password: password) {}
    }

    /// - Returns: false if another instance changed the user first.
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
