import NIOCore

/// The PostgreSQL schema as a series of migrations. A released step never changes; changes are added as new steps.
enum PostgreSQLMigrations {
    private static let steps: [String] = [
        """
        CREATE TABLE users (
          id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
          name TEXT NOT NULL UNIQUE,
          password_hash TEXT NOT NULL
        );
        CREATE TABLE todos (
          id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
          user_id BIGINT NOT NULL REFERENCES users (id),
          title TEXT NOT NULL,
          completed BOOLEAN NOT NULL
        );
        CREATE INDEX todos_of_user ON todos (user_id, id);
        CREATE TABLE identity (value TEXT NOT NULL);
        INSERT INTO identity VALUES (replace(gen_random_uuid()::text, '-', ''));
        """,
        // The row lock serializes additions to one user's todos. Each count includes the previous addition, because at
        // READ COMMITTED every statement of a function sees what was committed when that statement began.
        """
        CREATE FUNCTION add_todo(owner BIGINT, its_title TEXT, is_completed BOOLEAN, maximum BIGINT)
        RETURNS SETOF todos LANGUAGE plpgsql AS $$
        BEGIN
          PERFORM FROM users WHERE id = owner FOR NO KEY UPDATE;
          RETURN QUERY
            INSERT INTO todos (user_id, title, completed)
            SELECT owner, its_title, is_completed
            WHERE (SELECT count(*) FROM todos WHERE user_id = owner) < maximum
            RETURNING *;
        END $$;
        """,
    ]

    /// Time limit for each script. Long, because another instance may be migrating a large table.
    private static let time = TimeAmount.minutes(10)

    private static let version = PostgreSQLStatement("version", "SELECT version FROM todo_server_schema")
    private static let setVersion = PostgreSQLStatement("set-version", "UPDATE todo_server_schema SET version = $1")
    private static let identity = PostgreSQLStatement("identity", "SELECT value FROM identity")

    /// Runs the missing steps in one transaction.
    ///
    /// An advisory lock makes other instances wait until the first is done.
    /// - Returns: the database's identity.
    static func run(over connection: inout PostgreSQLConnection) throws -> String {
        let encoding = connection.reported("server_encoding")
        guard encoding == "UTF8" else { throw WrongEncoding(encoding: encoding ?? "unknown") }
        try connection.run(
            script: """
                BEGIN;
                SELECT pg_advisory_xact_lock(8391052710446213);
                CREATE TABLE IF NOT EXISTS todo_server_schema (version INTEGER NOT NULL);
                INSERT INTO todo_server_schema SELECT 0 WHERE NOT EXISTS (SELECT FROM todo_server_schema);
                """, within: time)
        let done = try Int(connection.run(version).integer(0, 0))
        guard done <= steps.count else { throw NewerSchema() }
        for step in steps[done...] { try connection.run(script: step, within: time) }
        _ = try connection.run(setVersion, [String(steps.count)])
        try connection.run(script: "COMMIT", within: time)
        return try connection.run(identity).text(0, 0)
    }

    /// The database's encoding is not UTF8. Other encodings cannot store every Unicode title.
    struct WrongEncoding: Error, CustomStringConvertible {
        var encoding: String

        var description: String { "its encoding is \(encoding), not UTF8; create it with ENCODING 'UTF8'" }
    }
}
