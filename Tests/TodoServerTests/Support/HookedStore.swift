@testable import TodoServer

/// A store that calls hooks before some of its operations.
struct HookedStore: Store {
    let store: any Store
    /// Called before a list is read, with its user.
    var beforeReading: @Sendable (User.ID) async throws -> Void
    /// Called before a todo is added, with its title.
    var beforeAdding: @Sendable (String) async throws -> Void
    /// Called before a todo is changed.
    var beforeChanging: @Sendable () async throws -> Void
    /// Called before a password hash is replaced, with the expected old hash.
    var beforeReplacing: @Sendable (_ old: String, User.ID) async throws -> Void

    init(
        _ store: any Store, beforeReading: @escaping @Sendable (User.ID) async throws -> Void = { _ in },
        beforeAdding: @escaping @Sendable (String) async throws -> Void = { _ in },
        beforeChanging: @escaping @Sendable () async throws -> Void = {},
        beforeReplacing: @escaping @Sendable (_ old: String, User.ID) async throws -> Void = { _, _ in }
    ) {
        self.store = store
        self.beforeReading = beforeReading
        self.beforeAdding = beforeAdding
        self.beforeChanging = beforeChanging
        self.beforeReplacing = beforeReplacing
    }

    var identity: String { store.identity }

    func todos(of user: User.ID) async throws -> [Todo] {
        try await beforeReading(user)
        return try await store.todos(of: user)
    }

    func todo(_ id: Todo.ID, of user: User.ID) async throws -> Todo? { try await store.todo(id, of: user) }

    func addTodo(_ input: TodoInput, for user: User.ID) async throws -> Todo {
        try await beforeAdding(input.title)
        return try await store.addTodo(input, for: user)
    }

    func changeTodo(_ id: Todo.ID, of user: User.ID, by change: TodoChange) async throws -> Todo? {
        try await beforeChanging()
        return try await store.changeTodo(id, of: user, by: change)
    }

    func deleteTodo(_ id: Todo.ID, of user: User.ID) async throws -> Bool { try await store.deleteTodo(id, of: user) }

    func user(named name: String) async throws -> (user: User, passwordHash: String)? {
        try await store.user(named: name)
    }

    func addUser(named name: String, passwordHash: String) async throws -> User? {
        try await store.addUser(named: name, passwordHash: passwordHash)
    }

    func replacePasswordHash(_ old: String, by new: String, of user: User.ID) async throws -> Bool {
        try await beforeReplacing(old, user)
        return try await store.replacePasswordHash(old, by: new, of: user)
    }

    func close() async { await store.close() }
}
