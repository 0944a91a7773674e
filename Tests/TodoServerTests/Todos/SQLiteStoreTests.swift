import GRDB
import Testing

@testable import TodoServer

@Suite(.timeLimit(.minutes(1))) struct SQLiteStoreTests {
    private func withStore<Value: Sendable>(_ body: (SQLiteStore, String) async throws -> Value) async throws -> Value {
        try await withTemporaryDirectory { directory in
            let path = directory + "/todos.sqlite"
            let store = try SQLiteStore(path: path)
            let value = try await body(store, path)
            await store.close()
            return value
        }
    }

    private func input(_ title: String) -> TodoInput { TodoInput(title: title) }

    @Test func isDurable() async throws {
        try await withStore { store, _ in
            let settings = try await store.write { database in
                try (
                    String.fetchOne(database, sql: "PRAGMA journal_mode"),
                    Int.fetchOne(database, sql: "PRAGMA synchronous")
                )
            }
            #expect(settings.0 == "wal")
            #expect(settings.1 == 2, "FULL")
        }
    }

    @Test func keepsUsersApart() async throws {
        try await withStore { store, _ in
            let ann = try #require(try await store.addUser(named: "ann", passwordHash: "x"))
            let bob = try #require(try await store.addUser(named: "bob", passwordHash: "y"))
            #expect(try await store.addUser(named: "ann", passwordHash: "z") == nil)
            let first = try await store.addTodo(input("one"), for: ann.id)
            let second = try await store.addTodo(input("two"), for: bob.id)
            let third = try await store.addTodo(input("nul \0 é"), for: ann.id)
            #expect(try await store.todos(of: ann.id) == [first, third])
            #expect(try await store.todos(of: bob.id) == [second])
        }
    }

    @Test func changesWhatIsNamed() async throws {
        try await withStore { store, _ in
            let ann = try #require(try await store.addUser(named: "ann", passwordHash: "x"))
            let bob = try #require(try await store.addUser(named: "bob", passwordHash: "y"))
            let todo = try await store.addTodo(input("one"), for: ann.id)
            func change(_ change: TodoChange, of user: User) async throws -> Todo? {
                try await store.changeTodo(todo.id, of: user.id, by: change)
            }
            #expect(
                try await change(.init(title: "a\0b"), of: ann) == Todo(id: todo.id, title: "a\0b", completed: false))
            let done = Todo(id: todo.id, title: "a\0b", completed: true)
            #expect(try await change(.init(completed: true), of: ann) == done)
            #expect(try await change(.init(), of: ann) == done)
            #expect(try await change(.init(title: "stolen"), of: bob) == nil)
            #expect(try await store.todo(todo.id, of: ann.id) == done)
            #expect(try await store.todo(todo.id, of: bob.id) == nil)
            #expect(try await !store.deleteTodo(todo.id, of: bob.id))
            #expect(try await store.deleteTodo(todo.id, of: ann.id))
            #expect(try await !store.deleteTodo(todo.id, of: ann.id))
            #expect(try await store.todo(todo.id, of: ann.id) == nil)
            #expect(try await change(.init(completed: false), of: ann) == nil)
        }
    }

    @Test func findsUsersByTheirWholeName() async throws {
        try await withStore { store, _ in
            let ann = try #require(try await store.addUser(named: "ann", passwordHash: "x"))
            try await store.setPasswordHash("new", of: ann.id)
            let found = try #require(try await store.user(named: "ann"))
            #expect(found.user == ann && found.passwordHash == "new")
            #expect(try await store.user(named: "ann\0") == nil)
            #expect(try await store.user(named: "Ann") == nil)
        }
    }

    @Test func survivesReopening() async throws {
        try await withStore { store, path in
            let ann = try #require(try await store.addUser(named: "ann", passwordHash: "x"))
            let todo = try await store.addTodo(input("one"), for: ann.id)
            await store.close()
            let again = try SQLiteStore(path: path)
            #expect(try await again.todos(of: ann.id) == [todo])
            #expect(again.identity == store.identity)
            await again.close()
        }
    }

    /// Writes that are committed together stand or fall one by one.
    @Test func aFailedWriteTakesNoneWithIt() async throws {
        try await withStore { store, _ in
            let ann = try #require(try await store.addUser(named: "ann", passwordHash: "x"))
            let outcomes = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        // Nobody has the id 0: the database refuses every third of them.
                        let user = number.isMultiple(of: 3) ? 0 : ann.id
                        return (try? await store.addTodo(input("\(number)"), for: user)) != nil
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.filter { $0 }.count == 133)
            #expect(try await store.todos(of: ann.id).count == 133)
            #expect(try await store.todos(of: 0).isEmpty)
        }
    }

    @Test func instancesShareAFile() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/todos.sqlite"
            // Both make the tables at once.
            async let first = Task.detached { try SQLiteStore(path: path) }.value
            async let second = Task.detached { try SQLiteStore(path: path) }.value
            let stores = try await [first, second]
            #expect(stores[0].identity == stores[1].identity)
            let ann = try #require(try await stores[0].addUser(named: "ann", passwordHash: "x"))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<100 {
                    group.addTask { _ = try await stores[number % 2].addTodo(input("\(number)"), for: ann.id) }
                }
                try await group.waitForAll()
            }
            #expect(try await stores[1].todos(of: ann.id).count == 100)
            for store in stores { await store.close() }
        }
    }

    @Test func refusesNewerFiles() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/todos.sqlite"
            let queue = try DatabaseQueue(path: path)
            try await queue.write { try $0.execute(sql: "PRAGMA user_version = 99") }
            try queue.close()
            #expect(throws: Migrations.NewerSchema.self) { try SQLiteStore(path: path) }
        }
    }
}
