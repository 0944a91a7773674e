/// Where todos are kept. What has returned is durable.
package protocol TodoStore: Sendable {
    /// The user's todos by ascending id.
    func todos(of user: User.ID) async throws -> [Todo]

    func addTodo(_ input: TodoInput, for user: User.ID) async throws -> Todo
}
