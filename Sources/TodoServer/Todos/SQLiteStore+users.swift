import GRDB

extension SQLiteStore {
    package func user(named name: String) async throws -> (user: User, passwordHash: String)? {
        // No stored name contains a NUL. SQLite would cut the parameter there and match the part before it.
        guard !name.utf8.contains(0) else { return nil }
        return try await read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT id, name, password_hash FROM users WHERE name = ?")
            return try Row.fetchOne(statement, arguments: [name]).map { row in
                (User(id: row[0], name: row[1]), row[2])
            }
        }
    }

    package func addUser(named name: String, passwordHash: String) async throws -> User? {
        try await write { database in
            let statement = try database.cachedStatement(
                sql: "INSERT INTO users (name, password_hash) VALUES (?, ?) ON CONFLICT (name) DO NOTHING")
            try statement.execute(arguments: [name, passwordHash])
            return database.changesCount == 0 ? nil : User(id: database.lastInsertedRowID, name: name)
        }
    }

    package func replacePasswordHash(_ old: String, by new: String, of user: User.ID) async throws -> Bool {
        try await write { database in
            try database.cachedStatement(sql: "UPDATE users SET password_hash = ? WHERE id = ? AND password_hash = ?")
                .execute(arguments: [new, user, old])
            return database.changesCount > 0
        }
    }
}
