import Foundation
import GRDB
import NIOCore

/// Titles are bound and read as blobs, because SQLite's text functions would cut them at a NUL.
extension SQLiteStore {
    private static let columns = "id, CAST(title AS BLOB), completed"

    package func todos(of user: User.ID) async throws -> [Todo] {
        try await read { database in try Self.todos(of: user, in: database) }
    }

    package func list(of user: User.ID) async throws -> ByteBuffer {
        try await read { database in ByteBuffer(json: try Self.todos(of: user, in: database)) }
    }

    private static func todos(of user: User.ID, in database: Database) throws -> [Todo] {
        let statement = try database.cachedStatement(
            sql: "SELECT \(columns) FROM todos WHERE user_id = ? ORDER BY id")
        return try Row.fetchAll(statement, arguments: [user]).map(Todo.init)
    }

    package func todo(_ id: Todo.ID, of user: User.ID) async throws -> Todo? {
        try await read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT \(Self.columns) FROM todos WHERE id = ? AND user_id = ?")
            return try Row.fetchOne(statement, arguments: [id, user]).map(Todo.init)
        }
    }

    package func addTodo(_ input: TodoInput, for user: User.ID) async throws -> Todo {
        try await write { [maxTodosPerUser] database in
            if let maxTodosPerUser {
                // SQLite allows one writer at a time, across processes: no todo is added between the count and the
                // insertion.
                let statement = try database.cachedStatement(sql: "SELECT count(*) FROM todos WHERE user_id = ?")
                let count = try Int.fetchOne(statement, arguments: [user]) ?? 0
                guard count < maxTodosPerUser else { throw TodoError.tooMany }
            }
            try database.cachedStatement(
                sql: "INSERT INTO todos (user_id, title, completed) VALUES (?, CAST(? AS TEXT), ?)"
            ).execute(arguments: [user, Data(input.title.utf8), input.completed])
            return Todo(id: database.lastInsertedRowID, title: input.title, completed: input.completed)
        }
    }

    package func changeTodo(_ id: Todo.ID, of user: User.ID, by change: TodoChange) async throws -> Todo? {
        try await write { database in
            let statement = try database.cachedStatement(
                sql: """
                    UPDATE todos SET title = coalesce(CAST(? AS TEXT), title), completed = coalesce(?, completed)
                    WHERE id = ? AND user_id = ? RETURNING \(Self.columns)
                    """)
            let title = change.title.map { Data($0.utf8) }
            return try Row.fetchOne(statement, arguments: [title, change.completed, id, user]).map(Todo.init)
        }
    }

    package func deleteTodo(_ id: Todo.ID, of user: User.ID) async throws -> Bool {
        try await write { database in
            try database.cachedStatement(sql: "DELETE FROM todos WHERE id = ? AND user_id = ?")
                .execute(arguments: [id, user])
            return database.changesCount > 0
        }
    }
}

extension Todo {
    fileprivate init(_ row: Row) {
        self.init(id: row[0], title: String(decoding: row[1] as Data, as: UTF8.self), completed: row[2])
    }
}
