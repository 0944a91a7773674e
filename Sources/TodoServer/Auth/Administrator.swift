/// The user that there is from the start.
struct Administrator: Sendable {
    static let name = "admin"

    let users: any UserStore
    let passwords: Passwords

    /// Makes the user where there is none, and sets the password where one is given.
    /// - Parameter password: nil for the demonstration password, which replaces no other.
    func prepare(password: String?) async throws {
        let known = try await users.user(named: Self.name)
        if let known {
            guard let password else { return }
            let isSame = try await passwords.verify(password, against: known.passwordHash)
            guard !isSame || passwords.isOutdated(known.passwordHash) else { return }
            try await users.setPasswordHash(passwords.hash(password), of: known.user.id)
        } else {
            let hash = try await passwords.hash(password ?? Configuration.demonstrationPassword)
            // Another instance may have been faster; its user is as good.
            _ = try await users.addUser(named: Self.name, passwordHash: hash)
        }
    }
}
