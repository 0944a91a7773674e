extension PostgreSQLStore {
    private static let find = PostgreSQLStatement("find", "SELECT id, name, password_hash FROM users WHERE name = $1")
    private static let register = PostgreSQLStatement(
        "register",
        "INSERT INTO users (name, password_hash) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING RETURNING id")
    private static let replaceHash = PostgreSQLStatement(
        "replace-hash", "UPDATE users SET password_hash = $1 WHERE id = $2 AND password_hash = $3")

    package func user(named name: String) async throws -> (user: User, passwordHash: String)? {
        // No stored name contains a NUL. libpq would cut the parameter there and match the part before it.
        guard !name.utf8.contains(0) else { return nil }
        return try await read { connection in
            let result = try connection.run(Self.find, [name])
            guard result.rowCount == 1 else { return nil }
            return (User(id: result.integer(0, 0), name: result.text(0, 1)), result.text(0, 2))
        }
    }

    package func addUser(named name: String, passwordHash: String) async throws -> User? {
        try await write { connection in
            let result = try connection.run(Self.register, [name, passwordHash])
            return result.rowCount == 0 ? nil : User(id: result.integer(0, 0), name: name)
        }
    }

    package func replacePasswordHash(_ old: String, by new: String, of user: User.ID) async throws -> Bool {
        try await write { connection in
            try connection.run(Self.replaceHash, [new, String(user), old]).affectedCount > 0
        }
    }
}
