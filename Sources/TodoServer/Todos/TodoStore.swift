import NIOCore

/// Storage for todos. A write that has returned is durable. A user's todos are only visible under that user's id.
package protocol TodoStore: Sendable {
    /// The user's todos in ascending order of id.
    func todos(of user: User.ID) async throws -> [Todo]

    /// The user's todos as the JSON array that is sent.
    ///
    /// It is encoded on the store's threads, because a long list would block every connection of an event loop.
    func list(of user: User.ID) async throws -> ByteBuffer

    /// Nil if the user has no todo with this id.
    func todo(_ id: Todo.ID, of user: User.ID) async throws -> Todo?

    func addTodo(_ input: TodoInput, for user: User.ID) async throws -> Todo

    /// Applies the change and returns the new todo; nil if the user has no todo with this id.
    func changeTodo(_ id: Todo.ID, of user: User.ID, by change: TodoChange) async throws -> Todo?

    /// Returns whether the user had a todo with this id.
    func deleteTodo(_ id: Todo.ID, of user: User.ID) async throws -> Bool
}
