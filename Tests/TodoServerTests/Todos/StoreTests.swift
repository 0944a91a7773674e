import NIOCore
import Testing

@testable import TodoServer

/// Requirements that every store meets.
@Suite(.timeLimit(.minutes(1))) struct StoreTests {
    private func input(_ title: String) -> TodoInput { TodoInput(title: title) }

    @Test("each user sees only their own todos", arguments: StoreKind.allCases)
    func keepsUsersApart(_ kind: StoreKind) async throws {
        try await kind.with { store in
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

    @Test("the JSON list equals the list of todos", arguments: StoreKind.allCases)
    func listsAsJSON(_ kind: StoreKind) async throws {
        try await kind.with { store in
            let ann = try #require(try await store.addUser(named: "ann", passwordHash: "x"))
            #expect(try await store.list(of: ann.id) == ByteBuffer(string: "[]"))
            for title in ["one", "nul \0 é", "\"\u{1}"] { _ = try await store.addTodo(input(title), for: ann.id) }
            #expect(try await store.list(of: ann.id) == ByteBuffer(json: store.todos(of: ann.id)))
        }
    }

    @Test("a change applies only to the given fields, and only for the owner", arguments: StoreKind.allCases)
    func changesWhatIsNamed(_ kind: StoreKind) async throws {
        try await kind.with { store in
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

    @Test(
        "a user is found by the exact name, and a hash is only replaced if it is current", arguments: StoreKind.allCases
    )
    func findsUsersByTheirWholeName(_ kind: StoreKind) async throws {
        try await kind.with { store in
            let ann = try #require(try await store.addUser(named: "ann", passwordHash: "x"))
            #expect(try await store.replacePasswordHash("x", by: "new", of: ann.id))
            #expect(try await !store.replacePasswordHash("x", by: "newer", of: ann.id), "the hash has changed")
            let found = try #require(try await store.user(named: "ann"))
            #expect(found.user == ann && found.passwordHash == "new")
            #expect(try await store.user(named: "ann\0") == nil)
            #expect(try await store.user(named: "Ann") == nil)
        }
    }

    @Test("todos survive reopening", arguments: StoreKind.allCases)
    func survivesReopening(_ kind: StoreKind) async throws {
        try await kind.withAddress { address in
            let store = try await address.open()
            let ann = try #require(try await store.addUser(named: "ann", passwordHash: "x"))
            let todo = try await store.addTodo(input("one"), for: ann.id)
            await store.close()
            let again = try await address.open()
            #expect(try await again.todos(of: ann.id) == [todo])
            #expect(again.identity == store.identity)
            await again.close()
        }
    }

    @Test("a failed write does not affect writes in the same transaction", arguments: StoreKind.allCases)
    func aFailedWriteTakesNoneWithIt(_ kind: StoreKind) async throws {
        try await kind.with { store in
            let ann = try #require(try await store.addUser(named: "ann", passwordHash: "x"))
            let outcomes = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        // No user has the id 0, so every third write fails.
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

    @Test("two instances can share a database", arguments: StoreKind.allCases)
    func instancesShareADatabase(_ kind: StoreKind) async throws {
        try await kind.withAddress { address in
            // Both create the tables at the same time.
            async let first = Task.detached { try await address.open() }.value
            async let second = Task.detached { try await address.open() }.value
            let stores = try await [first, second]
            #expect(stores[0].identity == stores[1].identity)
            async let one = stores[0].addUser(named: "ann", passwordHash: "x")
            async let other = stores[1].addUser(named: "ann", passwordHash: "x")
            let added = try await [one, other].compactMap(\.self)
            #expect(added.count == 1, "one name, one user")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<100 {
                    group.addTask { _ = try await stores[number % 2].addTodo(input("\(number)"), for: added[0].id) }
                }
                try await group.waitForAll()
            }
            #expect(try await stores[1].todos(of: added[0].id).count == 100)
            for store in stores { await store.close() }
        }
    }

    @Test(
        "titles are stored byte for byte", arguments: StoreKind.allCases,
        ["", "'; DROP TABLE todos; --", #"a\0b\\"#, "\0", #"\"#, "e\u{301} 🏳️‍🌈 \u{2028}"])
    func keepsTitlesToTheByte(_ kind: StoreKind, _ title: String) async throws {
        try await kind.with { store in
            let ann = try #require(try await store.addUser(named: "ann", passwordHash: "x"))
            let todo = try await store.addTodo(input(title), for: ann.id)
            let found = try #require(try await store.todos(of: ann.id).first)
            for kept in [todo, found] { #expect(Array(kept.title.utf8) == Array(title.utf8)) }
        }
    }

    @Test(
        "concurrent additions never exceed the limit on todos", arguments: StoreKind.allCases)
    func limitsTodos(_ kind: StoreKind) async throws {
        try await kind.withAddress { address in
            let stores = [
                try await address.open(maxTodosPerUser: 20), try await address.open(maxTodosPerUser: 20),
            ]
            let ann = try #require(try await stores[0].addUser(named: "ann", passwordHash: "x"))
            let bob = try #require(try await stores[0].addUser(named: "bob", passwordHash: "y"))
            @Sendable func isAdded(_ number: Int, for user: User) async throws -> Bool {
                do {
                    _ = try await stores[number % 2].addTodo(input("\(number)"), for: user.id)
                    return true
                } catch TodoError.tooMany {
                    return false
                }
            }
            for round in 0..<3 {
                let added = try await withThrowingTaskGroup(of: Bool.self) { group in
                    for number in 0..<60 { group.addTask { try await isAdded(number, for: ann) } }
                    return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
                }
                #expect(added == (round == 0 ? 20 : 5))
                let todos = try await stores[1].todos(of: ann.id)
                #expect(todos.count == 20)
                // Each deletion makes room for one todo.
                for todo in todos.prefix(5) { #expect(try await stores[0].deleteTodo(todo.id, of: ann.id)) }
            }
            #expect(try await isAdded(0, for: bob), "each user has a limit of their own")
            for store in stores { await store.close() }
        }
    }
}
