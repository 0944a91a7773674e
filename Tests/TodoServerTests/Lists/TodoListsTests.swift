import NIOCore
import Synchronization
import Testing
import TestSupport

@testable import TodoServer

@Suite(.timeLimit(.minutes(1))) struct TodoListsTests {
    /// A store of one list. Each read takes the list and then waits until `open` is called.
    private final class GatedStore: TodoStore {
        private struct State {
            var titles: [String] = []
            var reads = 0
            var stopped: [CheckedContinuation<Void, Never>] = []
            var isOpen = false
        }

        private let state = Mutex(State())

        var reads: Int { state.withLock { $0.reads } }

        func todos(of user: User.ID) async throws -> [Todo] {
            let titles = state.withLock {
                $0.reads += 1
                return $0.titles
            }
            await withCheckedContinuation { continuation in
                let isOpen = state.withLock {
                    if !$0.isOpen { $0.stopped.append(continuation) }
                    return $0.isOpen
                }
                if isOpen { continuation.resume() }
            }
            return titles.enumerated().map { Todo(id: Int64($0.offset), title: $0.element, completed: false) }
        }

        func open() {
            let stopped = state.withLock {
                $0.isOpen = true
                return $0.stopped
            }
            for continuation in stopped { continuation.resume() }
        }

        func addTodo(_ input: TodoInput, for user: User.ID) async throws -> Todo {
            state.withLock { $0.titles.append(input.title) }
            return Todo(id: 0, title: input.title, completed: false)
        }

        func todo(_ id: Todo.ID, of user: User.ID) async throws -> Todo? { nil }
        func changeTodo(_ id: Todo.ID, of user: User.ID, by change: TodoChange) async throws -> Todo? { nil }
        func deleteTodo(_ id: Todo.ID, of user: User.ID) async throws -> Bool { false }
    }

    private let store = GatedStore()

    private let cache = EmbeddedTodoCache(lifetime: .seconds(60))

    private func lists() -> TodoLists { TodoLists(store: store, cache: cache) }

    @Test("concurrent misses share one read")
    func manyMissesReadOnce() async throws {
        let lists = lists()
        let origins = try await withThrowingTaskGroup(of: TodoList.Origin.self) { group in
            let arrived = Counter()
            for _ in 0..<50 {
                group.addTask {
                    let found = await lists.lookup(1)
                    // Every task has missed before any of them reads.
                    arrived.add()
                    try await waitUntil("all have missed") { arrived.value == 50 }
                    return try await lists.list(of: 1, found).origin
                }
            }
            try await waitUntil("one task reads and all others wait") { store.reads > 0 && lists.waiterCount == 49 }
            store.open()
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(store.reads == 1)
        #expect(origins.filter { $0 == .database(isStored: true) }.count == 1)
        guard case .cache = try await lists.list(of: 1, lists.lookup(1)).origin else {
            Issue.record("the list is not cached")
            return
        }
    }

    /// The first read has its result before the write. A reader after the write must still see the write.
    @Test("no reader waits for a read from before a write")
    func nobodyWaitsForAReadFromBeforeAWrite() async throws {
        let lists = lists()
        async let early = lists.list(of: 1, lists.lookup(1))
        try await waitUntil("the first reads") { store.reads == 1 }
        _ = try await TodoWrites(cache: cache, metrics: Metrics()).perform(for: 1) {
            try await store.addTodo(TodoInput(title: "new"), for: 1)
        }
        async let late = lists.list(of: 1, lists.lookup(1))
        try await waitUntil("the second reads") { store.reads == 2 }
        store.open()
        #expect(try await String(buffer: early.json) == "[]")
        #expect(try await String(buffer: late.json).contains("new"))
        #expect(try await String(buffer: lists.list(of: 1, lists.lookup(1)).json).contains("new"))
    }

    /// A store that checks whether a read is still wanted before it returns, as a database does before it begins.
    private struct DemandingStore: TodoStore {
        let gated: GatedStore

        func todos(of user: User.ID) async throws -> [Todo] {
            let todos = try await gated.todos(of: user)
            guard Demand.current?.isWanted(after: .zero) ?? true else { throw Abandoned() }
            return todos
        }

        func addTodo(_ input: TodoInput, for user: User.ID) async throws -> Todo {
            try await gated.addTodo(input, for: user)
        }

        func todo(_ id: Todo.ID, of user: User.ID) async throws -> Todo? { nil }
        func changeTodo(_ id: Todo.ID, of user: User.ID, by change: TodoChange) async throws -> Todo? { nil }
        func deleteTodo(_ id: Todo.ID, of user: User.ID) async throws -> Bool { false }
    }

    @Test("a read for a disconnected client is only made if another reader waits for it", arguments: [false, true])
    func readsForThoseWhoWait(_ isAwaited: Bool) async throws {
        let lists = TodoLists(store: DemandingStore(gated: store), cache: EmbeddedTodoCache(lifetime: .seconds(60)))
        let presence = ClientPresence()
        async let first: TodoList? = Demand.$current.withValue(Demand(isWanted: presence.wants)) {
            try? await lists.list(of: 1, lists.lookup(1))
        }
        try await waitUntil("the first reads") { store.reads == 1 }
        if isAwaited {
            // It finds the lease of the first reader, and waits for that read.
            async let second = lists.list(of: 1, lists.lookup(1))
            try await waitUntil("the second waits") { lists.waiterCount == 1 }
            presence.leave()
            store.open()
            #expect(try await String(buffer: second.json) == "[]")
            #expect(await first != nil)
        } else {
            presence.leave()
            store.open()
            #expect(await first == nil)
        }
        #expect(store.reads == 1)
    }
}
