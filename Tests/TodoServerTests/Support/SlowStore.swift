@testable import TodoServer

/// A store whose lists are slow, so that they may be outdated when they arrive.
struct SlowStore: Store {
    let store: any Store
    /// The range of the total delay of one read.
    let delays: ClosedRange<Duration>

    init(_ store: any Store, delays: ClosedRange<Duration>) {
        self.store = store
        self.delays = delays
    }

    var identity: String { store.identity }

    func todos(of user: User.ID) async throws -> [Todo] {
        let share = Double.random(in: 0...1)
        let delay = delays.lowerBound + (delays.upperBound - delays.lowerBound) * Double.random(in: 0...1)
        try await Task.sleep(for: delay * share)
        let todos = try await store.todos(of: user)
        try await Task.sleep(for: delay * (1 - share))
        return todos
    }

    func todo(_ id: Todo.ID, of user: User.ID) async throws -> Todo? { try await store.todo(id, of: user) }

    func addTodo(_ input: TodoInput, for user: User.ID) async throws -> Todo {
        try await store.addTodo(input, for: user)
    }

    func changeTodo(_ id: Todo.ID, of user: User.ID, by change: TodoChange) async throws -> Todo? {
        try await store.changeTodo(id, of: user, by: change)
    }

    func deleteTodo(_ id: Todo.ID, of user: User.ID) async throws -> Bool { try await store.deleteTodo(id, of: user) }

    func user(named name: String) async throws -> (user: User, passwordHash: String)? {
        try await store.user(named: name)
    }

    func addUser(named name: String, passwordHash: String) async throws -> User? {
        try await store.addUser(named: name, passwordHash: passwordHash)
    }

    func replacePasswordHash(_ old: String, by new: String, of user: User.ID) async throws -> Bool {
        try await store.replacePasswordHash(old, by: new, of: user)
    }

    func close() async { await store.close() }
}
