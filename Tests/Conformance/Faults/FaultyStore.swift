import NIOCore

@testable import TodoServer

/// A store with some operations replaced.
struct FaultyStore: TodoStore {
    let store: any TodoStore
    var list: (@Sendable (any TodoStore, User.ID) async throws -> [Todo])?
    var one: (@Sendable (any TodoStore, Todo.ID, User.ID) async throws -> Todo?)?
    var add: (@Sendable (any TodoStore, TodoInput, User.ID) async throws -> Todo)?
    var change: (@Sendable (any TodoStore, Todo.ID, User.ID, TodoChange) async throws -> Todo?)?
    var delete: (@Sendable (any TodoStore, Todo.ID, User.ID) async throws -> Bool)?

    func todos(of user: User.ID) async throws -> [Todo] {
        guard let list else { return try await store.todos(of: user) }
        return try await list(store, user)
    }

    func list(of user: User.ID) async throws -> ByteBuffer {
        ByteBuffer(json: try await todos(of: user))
    }

    func todo(_ id: Todo.ID, of user: User.ID) async throws -> Todo? {
        guard let one else { return try await store.todo(id, of: user) }
        return try await one(store, id, user)
    }

    func addTodo(_ input: TodoInput, for user: User.ID) async throws -> Todo {
        guard let add else { return try await store.addTodo(input, for: user) }
        return try await add(store, input, user)
    }

    func changeTodo(_ id: Todo.ID, of user: User.ID, by change: TodoChange) async throws -> Todo? {
        guard let otherwise = self.change else { return try await store.changeTodo(id, of: user, by: change) }
        return try await otherwise(store, id, user, change)
    }

    func deleteTodo(_ id: Todo.ID, of user: User.ID) async throws -> Bool {
        guard let delete else { return try await store.deleteTodo(id, of: user) }
        return try await delete(store, id, user)
    }

    /// The owner of a todo, or nil if it does not exist. Tries the first 100 ids; tests have few users.
    static func owner(of id: Todo.ID, in store: any TodoStore) async throws -> User.ID? {
        for user in Int64(1)...100 where try await store.todo(id, of: user) != nil { return user }
        return nil
    }
}

extension Fault {
    /// A server whose store has some operations replaced.
    init(
        _ name: String, _ cases: String..., storing change: @escaping @Sendable (inout FaultyStore) -> Void
    ) {
        self.init(name, cases: cases) { parts in
            parts.store = { store, _ in
                var faulty = FaultyStore(store: store)
                change(&faulty)
                return faulty
            }
        }
    }
}
