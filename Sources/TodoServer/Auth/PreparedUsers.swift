/// The users for tokens, logging in and registering: who asks while the administrator is still being made waits for that.
/// So the server listens before the password is hashed, and nobody takes the administrator's name meanwhile.
struct PreparedUsers: UserStore {
    let users: any UserStore
    let preparation: Task<Void, any Error>

    func user(named name: String) async throws -> (user: User, passwordHash: String)? {
        try await preparation.value
        return try await users.user(named: name)
    }

    func addUser(named name: String, passwordHash: String) async throws -> User? {
        try await preparation.value
        return try await users.addUser(named: name, passwordHash: passwordHash)
    }

    func replacePasswordHash(_ old: String, by new: String, of user: User.ID) async throws -> Bool {
        try await preparation.value
        return try await users.replacePasswordHash(old, by: new, of: user)
    }
}
