import Foundation
import GRDB

/// Titles go in and out as bytes: SQLite's text functions would end them at a NUL.
extension SQLiteStore: TodoStore {
    package func todos(of user: User.ID) async throws -> [Todo] {
        try await read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT id, CAST(title AS BLOB), completed FROM todos WHERE user_id = ? ORDER BY id")
            return try Row.fetchAll(statement, arguments: [user]).map { row in
                Todo(id: row[0], title: String(decoding: row[1] as Data, as: UTF8.self), completed: row[2])
            }
        }
    }

    package func addTodo(_ input: TodoInput, for user: User.ID) async throws -> Todo {
        try await write { database in
            try database.cachedStatement(
                sql: "INSERT INTO todos (user_id, title, completed) VALUES (?, CAST(? AS TEXT), ?)"
            ).execute(arguments: [user, Data(input.title.utf8), input.completed])
            return Todo(id: database.lastInsertedRowID, title: input.title, completed: input.completed)
        }
    }
}
