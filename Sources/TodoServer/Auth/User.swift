/// A registered user, who owns todos.
package struct User: Sendable, Equatable {
    package typealias ID = Int64

    package var id: ID
    package var name: String

    package init(id: ID, name: String) {
        self.id = id
        self.name = name
    }
}

/// Storage for users.
package protocol UserStore: Sendable {
    /// The user with this name, and the hash of their password.
    func user(named name: String) async throws -> (user: User, passwordHash: String)?

    /// Adds a user. Returns nil if the name is taken.
    func addUser(named name: String, passwordHash: String) async throws -> User?

    /// Replaces the password hash if it is still `old`.
    /// - Returns: whether it was replaced.
    func replacePasswordHash(_ old: String, by new: String, of user: User.ID) async throws -> Bool
}
