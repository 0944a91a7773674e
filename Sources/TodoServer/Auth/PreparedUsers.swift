/// A user store that waits until the administrator has been created.
///
/// This lets the server listen before the password is hashed, while no client can register the administrator's name.
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
