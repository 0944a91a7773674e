import NIOCore

extension PostgreSQLStore {
    private static let list = PostgreSQLStatement(
        "list", "SELECT id, title, completed FROM todos WHERE user_id = $1 ORDER BY id")
    private static let show = PostgreSQLStatement(
        "show", "SELECT id, title, completed FROM todos WHERE id = $1 AND user_id = $2")
    private static let add = PostgreSQLStatement(
        "add", "INSERT INTO todos (user_id, title, completed) VALUES ($1, $2, $3) RETURNING id, title, completed")
    /// Returns no row if the user has reached the limit.
    private static let addWithinLimit = PostgreSQLStatement(
        "add-within-limit", "SELECT id, title, completed FROM add_todo($1, $2, $3, $4)")
    private static let change = PostgreSQLStatement(
        "change",
        """
        UPDATE todos SET title = coalesce($1, title), completed = coalesce($2, completed)
        WHERE id = $3 AND user_id = $4 RETURNING id, title, completed
        """)
    private static let delete = PostgreSQLStatement("delete", "DELETE FROM todos WHERE id = $1 AND user_id = $2")

    package func todos(of user: User.ID) async throws -> [Todo] {
        try await read { connection in try Self.todos(of: user, over: &connection) }
    }

    package func list(of user: User.ID) async throws -> ByteBuffer {
        try await read { connection in ByteBuffer(json: try Self.todos(of: user, over: &connection)) }
    }

    private static func todos(of user: User.ID, over connection: inout PostgreSQLConnection) throws -> [Todo] {
        let result = try connection.run(list, [String(user)])
        return (0..<result.rowCount).map { result.todo($0) }
    }

    package func todo(_ id: Todo.ID, of user: User.ID) async throws -> Todo? {
        try await read { connection in
            let result = try connection.run(Self.show, [String(id), String(user)])
            return result.rowCount == 0 ? nil : result.todo(0)
        }
    }

    package func addTodo(_ input: TodoInput, for user: User.ID) async throws -> Todo {
        let title = PostgreSQLText.encode(input.title)
        return try await write { [maxTodosPerUser] connection in
            guard let maxTodosPerUser else {
                return try connection.run(Self.add, [String(user), title, String(input.completed)]).todo(0)
            }
            let result = try connection.run(
                Self.addWithinLimit, [String(user), title, String(input.completed), String(maxTodosPerUser)])
            guard result.rowCount == 1 else { throw TodoError.tooMany }
            return result.todo(0)
        }
    }

    package func changeTodo(_ id: Todo.ID, of user: User.ID, by change: TodoChange) async throws -> Todo? {
        try await write { connection in
            let title = change.title.map(PostgreSQLText.encode)
            let result = try connection.run(
                Self.change, [title, change.completed.map(String.init), String(id), String(user)])
            return result.rowCount == 0 ? nil : result.todo(0)
        }
    }

    package func deleteTodo(_ id: Todo.ID, of user: User.ID) async throws -> Bool {
        try await write { connection in
            try connection.run(Self.delete, [String(id), String(user)]).affectedCount > 0
        }
    }
}

extension PostgreSQLResult {
    fileprivate borrowing func todo(_ row: Int) -> Todo {
        Todo(id: integer(row, 0), title: PostgreSQLText.decode(text(row, 1)), completed: bool(row, 2))
    }
}
