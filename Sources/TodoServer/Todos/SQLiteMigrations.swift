import GRDB

/// The SQLite schema as a series of migrations. A released step never changes; changes are added as new steps.
enum SQLiteMigrations {
    private static let steps = [
        """
        CREATE TABLE users (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          name TEXT NOT NULL UNIQUE,
          password_hash TEXT NOT NULL
        );
        CREATE TABLE todos (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          user_id INTEGER NOT NULL REFERENCES users (id),
          title TEXT NOT NULL,
          completed INTEGER NOT NULL
        );
        CREATE INDEX todos_of_user ON todos (user_id, id);
        CREATE TABLE identity (value TEXT NOT NULL);
        INSERT INTO identity VALUES (lower(hex(randomblob(8))));
        """
    ]

    /// Runs the missing steps in one transaction that excludes other writers, so that instances can start concurrently.
    static func run(in database: Database) throws {
        try database.inTransaction(.immediate) {
            let done = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
            guard done <= steps.count else { throw NewerSchema() }
            for step in steps[done...] { try database.execute(sql: step) }
            try database.execute(sql: "PRAGMA user_version = \(steps.count)")
            return .commit
        }
    }
}
