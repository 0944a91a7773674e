import NIOHTTP1
import Synchronization

@testable import TodoServer

// Wrong limits on the number of todos.
extension Fault {
    static let quotas: [Fault] = [
        quota("has no limit of todos", of: nil),
        quota("allows one todo too many", of: 1001),
        quota("allows one todo too few", of: 999),
        Fault("counts and adds a todo without a lock") { store in
            let counts = Mutex<[User.ID: Int]>([:])
            store.add = { store, input, user in
                let count = counts.withLock { $0[user, default: 0] }
                guard count < 1000 else { throw TodoError.tooMany }
                if count >= 990 { try await Task.sleep(for: .milliseconds(100)) }
                let todo = try await store.addTodo(input, for: user)
                counts.withLock { $0[user, default: 0] += 1 }
                return todo
            }
        },
        Fault("counts the todos of all users together") { store in
            let added = Counter()
            let deleted = Counter()
            store.add = { store, input, user in
                guard added.value - deleted.value < 1000 else { throw TodoError.tooMany }
                let todo = try await store.addTodo(input, for: user)
                added.add()
                return todo
            }
            store.delete = { store, id, user in
                let wasThere = try await store.deleteTodo(id, of: user)
                if wasThere { deleted.add() }
                return wasThere
            }
        },
        Fault("counts deleted todos") { store in
            let added = Mutex<[User.ID: Int]>([:])
            store.add = { store, input, user in
                guard added.withLock({ $0[user, default: 0] < 1000 }) else { throw TodoError.tooMany }
                let todo = try await store.addTodo(input, for: user)
                added.withLock { $0[user, default: 0] += 1 }
                return todo
            }
        },
        Fault("deletes the oldest todo to make room") { store in
            store.add = { store, input, user in
                let todos = try await store.todos(of: user)
                if todos.count >= 1000 { _ = try await store.deleteTodo(todos[0].id, of: user) }
                return try await store.addTodo(input, for: user)
            }
        },
        Fault("rejects changes for a user at the limit of todos") { store in
            store.change = { store, id, user, change in
                guard try await store.todos(of: user).count < 1000 else { throw TodoError.tooMany }
                return try await store.changeTodo(id, of: user, by: change)
            }
        },
        Fault(
            "rejects one todo too many with 422", "TODO-14",
            answering: { if $0.path == "/todos", $1.status == .conflict { $1.status = .unprocessableEntity } }),
        Fault(
            "rejects one todo too many with another message", "TODO-14",
            answering: { if $0.path == "/todos", $1.status == .conflict { $1.text = #"{"detail":"Conflict"}"# } }),
    ]

    private static func quota(_ name: String, of maximum: Int?) -> Fault {
        Fault(name, "TODO-14") { $0.maxTodosPerUser = maximum }
    }

    private init(_ name: String, storing change: @escaping @Sendable (inout FaultyStore) -> Void) {
        self.init(name, "TODO-14", storing: change)
    }
}
