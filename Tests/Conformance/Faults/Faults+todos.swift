import Foundation
import NIOHTTP1
import Synchronization

@testable import TodoServer

// Todos that are lost, changed or shown to other users, and responses that break the contract.
extension Fault {
    /// A server that changes a title before storing it.
    private static func keeping(_ name: String, as change: @escaping @Sendable (String) -> String) -> Fault {
        Fault(
            name, "TODO-13",
            storing: {
                $0.add = { store, input, user in
                    let todo = TodoInput(title: change(input.title), completed: input.completed)
                    return try await store.addTodo(todo, for: user)
                }
            })
    }

    static let todos: [Fault] = [
        Fault(
            "drops non-ASCII characters", "TODO-15", "TODO-3", "CACHE-4",
            storing: {
                $0.add = { store, input, user in
                    let title = String(
                        String.UnicodeScalarView(input.title.unicodeScalars.map { $0.isASCII ? $0 : "?" }))
                    return try await store.addTodo(TodoInput(title: title, completed: input.completed), for: user)
                }
            }),
        Fault(
            "drops non-ASCII characters in lists", "TODO-3", "CACHE-4",
            storing: {
                $0.list = { store, user in
                    try await store.todos(of: user).map { todo in
                        let scalars = todo.title.unicodeScalars.filter(\.isASCII)
                        return Todo(
                            id: todo.id, title: String(String.UnicodeScalarView(scalars)), completed: todo.completed)
                    }
                }
            }),
        Fault(
            "escapes titles for HTML", "TODO-15",
            storing: {
                $0.add = { store, input, user in
                    let title = input.title.replacing("<", with: "&lt;")
                    return try await store.addTodo(TodoInput(title: title, completed: input.completed), for: user)
                }
            }),
        Fault(
            "ignores completed", "TODO-15", "TODO-3",
            storing: {
                $0.add = { store, input, user in try await store.addTodo(.init(title: input.title), for: user) }
            }),
        Fault(
            "returns a message instead of the created todo", "TODO-15",
            answering: {
                if $0.path == "/todos", $1.status == .created { $1 = Response(json: #"{"msg":"Todo added"}"#) }
            }),
        Fault(
            "completes every todo that it creates", "TODO-15",
            storing: {
                $0.add = { store, input, user in
                    try await store.addTodo(.init(title: input.title, completed: true), for: user)
                }
            }),
        Fault(
            "redirects to the list after a create", "TODO-1",
            answering: { if $0.path == "/todos", $1.status == .created { $1.status = .seeOther } }),
        Fault(
            "rejects completed", "TODO-1",
            instead: { request in
                guard request.path == "/todos", case .object(let body)? = request.json, body["completed"] != nil else {
                    return nil
                }
                return HTTPError.invalid([.missing("title", in: .null)]).response
            }),
        Fault(
            "lists every todo as open", "TODO-3",
            answering: { request, response in
                guard request.path == "/todos", request.method == .GET else { return }
                response.text = response.text.replacing("\"completed\":true", with: "\"completed\":false")
            }),
        Fault(
            "lists completed as a number", "TODO-2",
            answering: { request, response in
                guard request.path == "/todos" else { return }
                response.text = response.text.replacing("\"completed\":true", with: "\"completed\":1")
            }),
        Fault(
            "returns 200 for a create", "TODO-4",
            answering: { if $0.path == "/todos", $1.status == .created { $1.status = .ok } }),
        Fault("does not send Location", "TODO-4", answering: { $1.remove("Location") }),
        Fault(
            "sends a Location with another path", "TODO-4",
            answering: { if let location = $1["Location"] { $1["Location"] = "/api/v1" + location } }),
        Fault(
            "lists the newest first", "TODO-5",
            storing: { $0.list = { store, user in try await store.todos(of: user).reversed() } }),
        Fault(
            "lists at most a hundred todos", "TODO-5",
            storing: { $0.list = { store, user in Array(try await store.todos(of: user).prefix(100)) } }),
        Fault(
            "returns 200 and null for a missing todo", "TODO-6",
            answering: { if $1.text.contains("Todo not found") { $1 = Response(json: "null") } }),
        Fault(
            "returns 500 for an invalid id", "TODO-7",
            instead: { request in
                guard request.path.hasPrefix("/todos/"), Int64(request.path.dropFirst(7)) == nil else { return nil }
                return HTTPError.internalError.response
            }),
        Fault(
            "ignores completed in a change", "TODO-8",
            storing: {
                $0.change = { store, id, user, change in
                    try await store.changeTodo(id, of: user, by: TodoChange(title: change.title))
                }
            }),
        Fault(
            "treats a change as the whole todo", "TODO-8",
            storing: {
                $0.change = { store, id, user, change in
                    let whole = TodoChange(title: change.title, completed: change.completed ?? false)
                    return try await store.changeTodo(id, of: user, by: whole)
                }
            }),
        Fault(
            "changes all todos of a user", "TODO-8",
            storing: {
                $0.change = { store, id, user, change in
                    for todo in try await store.todos(of: user) where todo.id != id {
                        _ = try await store.changeTodo(todo.id, of: user, by: .init(completed: false))
                    }
                    return try await store.changeTodo(id, of: user, by: change)
                }
            }),
        Fault(
            "returns 200 for a deletion", "TODO-9",
            answering: { if $1.status == .noContent { $1 = Response(json: #"{"ok":true}"#) } }),
        Fault(
            "keeps returning a deleted todo", "TODO-9",
            storing: {
                let shown = Mutex<[Todo.ID: Todo]>([:])
                $0.one = { store, id, user in
                    if let todo = shown.withLock({ $0[id] }) { return todo }
                    let todo = try await store.todo(id, of: user)
                    shown.withLock { $0[id] = todo }
                    return todo
                }
            }),
        Fault(
            "moves a todo to the end when it changes", "TODO-11",
            storing: {
                let changed = Mutex<[Todo.ID]>([])
                $0.change = { store, id, user, change in
                    changed.withLock { $0.append(id) }
                    return try await store.changeTodo(id, of: user, by: change)
                }
                $0.list = { store, user in
                    let last = changed.withLock { $0 }
                    let todos = try await store.todos(of: user)
                    return todos.filter { !last.contains($0.id) } + todos.filter { last.contains($0.id) }
                }
            }),
        Fault(
            "accepts an id with trailing characters", ["TODO-12"],
            asking: { request in
                guard request.path.hasPrefix("/todos/") else { return }
                let digits = request.path.dropFirst(7).prefix { ("0"..."9").contains($0) }
                if !digits.isEmpty { request.path = "/todos/" + digits }
            }),
        keeping("trims titles") { $0.trimmingCharacters(in: .whitespacesAndNewlines) },
        keeping("composes combining accents") { $0.precomposedStringWithCanonicalMapping },
        keeping("replaces ligatures by letters") { $0.precomposedStringWithCompatibilityMapping },
        keeping("drops control characters") { title in
            String(String.UnicodeScalarView(title.unicodeScalars.filter { $0.value >= 32 }))
        },
        Fault("does not delete", "TODO-9", storing: { $0.delete = { _, _, _ in true } }),
        Fault(
            "changes a todo by reading and writing all of it", "TODO-10",
            storing: {
                $0.change = { store, id, user, change in
                    guard let todo = try await store.todo(id, of: user) else { return nil }
                    try? await Task.sleep(for: .milliseconds(1))
                    let whole = TodoChange(
                        title: change.title ?? todo.title, completed: change.completed ?? todo.completed)
                    return try await store.changeTodo(id, of: user, by: whole)
                }
            }),
        Fault(
            "shows other users' todos", "USER-2",
            storing: {
                $0.one = { store, id, _ in
                    guard let owner = try await FaultyStore.owner(of: id, in: store) else { return nil }
                    return try await store.todo(id, of: owner)
                }
            }),
        Fault(
            "returns 200 for HEAD of a missing todo", "USER-2",
            answering: {
                if $0.method == .HEAD, $0.path.hasPrefix("/todos/"), $1.status == .notFound { $1.status = .ok }
            }),
        Fault(
            "lets other users change a todo", "USER-2",
            storing: {
                $0.change = { store, id, user, change in
                    let owner = try await FaultyStore.owner(of: id, in: store) ?? user
                    return try await store.changeTodo(id, of: owner, by: change)
                }
            }),
        Fault(
            "lets other users delete a todo", "USER-2",
            storing: {
                $0.delete = { store, id, user in
                    let owner = try await FaultyStore.owner(of: id, in: store) ?? user
                    return try await store.deleteTodo(id, of: owner)
                }
            }),
        Fault(
            "returns 403 for another user's todo", "USER-2",
            storing: {
                $0.one = { store, id, user in
                    if let todo = try await store.todo(id, of: user) { return todo }
                    guard try await FaultyStore.owner(of: id, in: store) == nil else { throw Forbidden() }
                    return nil
                }
            }),
        Fault(
            "lists the todos of all users", "USER-1",
            storing: {
                $0.list = { store, _ in
                    var all: [Todo] = []
                    for user in Int64(1)...100 { all += try await store.todos(of: user) }
                    return all.sorted { $0.id < $1.id }
                }
            }),
    ]
}

private struct Forbidden: ResponseError {
    var response: Response { Response(status: .forbidden, detail: "Forbidden") }
}
