/// Somebody who has todos.
package struct User: Sendable, Equatable {
    package typealias ID = Int64

    package var id: ID
    package var name: String

    package init(id: ID, name: String) {
        self.id = id
        self.name = name
    }
}

/// Where users are kept.
package protocol UserStore: Sendable {
    /// The user of this name with the hash of the password.
    func user(named name: String) async throws -> (user: User, passwordHash: String)?

    /// Adds a user; nil where the name is taken.
    func addUser(named name: String, passwordHash: String) async throws -> User?

    /// Replaces the hash of the password, unless it is no longer the one that the caller knows.
    /// - Returns: whether it was replaced.
    func replacePasswordHash(_ old: String, by new: String, of user: User.ID) async throws -> Bool
}
