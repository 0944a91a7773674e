import NIOCore

/// Where todos are kept. What has returned is durable. No todo is ever found under another user's id.
package protocol TodoStore: Sendable {
    /// The user's todos by ascending id.
    func todos(of user: User.ID) async throws -> [Todo]

    /// The same as the JSON array that is sent. It is written on the store's own threads: a long list would hold up
    /// every connection of an event loop.
    func list(of user: User.ID) async throws -> ByteBuffer

    /// Nil where the user has no such todo.
    func todo(_ id: Todo.ID, of user: User.ID) async throws -> Todo?

    func addTodo(_ input: TodoInput, for user: User.ID) async throws -> Todo

    /// Changes what the change names and returns the todo as it is then; nil where the user has no such todo.
    func changeTodo(_ id: Todo.ID, of user: User.ID, by change: TodoChange) async throws -> Todo?

    /// Whether there was such a todo of the user.
    func deleteTodo(_ id: Todo.ID, of user: User.ID) async throws -> Bool
}
