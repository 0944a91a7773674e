import NIOCore
import NIOHTTP1

/// `/todos`: authenticates, then applies the rate limit, then reads the body, in the contract's order.
package final class TodoRoutes: Sendable {
    let authenticator: Authenticator
    let store: any TodoStore
    let lists: TodoLists
    let writes: TodoWrites
    let counters: CacheCounters
    let limiter: (any ListLimiter)?
    let limitKey: RateLimitKey

    init(
        authenticator: Authenticator, store: any TodoStore, lists: TodoLists, writes: TodoWrites,
        counters: CacheCounters, limiter: (any ListLimiter)?, limitKey: RateLimitKey
    ) {
        self.authenticator = authenticator
        self.store = store
        self.lists = lists
        self.writes = writes
        self.counters = counters
        self.limiter = limiter
        self.limitKey = limitKey
    }

    /// No response at `/todos` or below may be stored by a cache.
    package static let pathHeaders = [PathHeader(.init("Cache-Control", "private, no-store"), below: "/todos")]

    package var routes: [Route] {
        [
            Route(.GET, "/todos", list, operation("List the user's todos", answer: "TodoList")),
            Route(
                .POST, "/todos", create,
                operation(
                    "Create a todo", body: .json("NewTodo"), success: .created, answer: "Todo",
                    otherFailures: [.conflict, .gatewayTimeout])),
            Route(.GET, "/todos/{id}", show, operation("Get a todo", answer: "Todo")),
            Route(
                .PATCH, "/todos/{id}", change,
                operation(
                    "Change a todo", body: .json("TodoChange"), answer: "Todo", otherFailures: [.gatewayTimeout])),
            Route(
                .DELETE, "/todos/{id}", delete,
                operation("Delete a todo", success: .noContent, otherFailures: [.gatewayTimeout])),
        ]
    }

    private func operation(
        _ summary: String, body: Operation.Body? = nil, success: HTTPResponseStatus = .ok, answer: String? = nil,
        otherFailures: [HTTPResponseStatus] = []
    ) -> Operation {
        Operation(
            summary: summary, body: body, success: success, answer: answer, isAuthenticated: true,
            isLimited: limiter != nil, otherFailures: otherFailures)
    }

    // MARK: The list

    func list(_ request: Request) async throws -> Response {
        try await authenticated(request) { user in
            guard let limiter else { return try await list(of: user, lists.lookup(user.id), for: request) }
            let (admission, found) = await limiter.admit(
                limitKey.text(client: request.client, user: user.id), toListOf: user.id)
            return await .limited(admission, by: limiter.bucket) {
                try await list(of: user, found ?? .unavailable, for: request)
            }
        }
    }

    private func list(of user: User, _ found: CacheLookup, for request: Request) async throws -> Response {
        let list =
            if case .hit = found {
                try await lists.list(of: user.id, found)
            } else {
                try await request.serving { try await lists.list(of: user.id, found) }
            }
        switch list.origin {
        case .cache(let secondsLeft):
            counters.hits.add()
            return Response(list, prefix: Self.fromCache, status: Self.hit(secondsLeft: secondsLeft))
        case .database(let isStored):
            counters.misses.add()
            return Response(
                list, prefix: Self.fromDatabase,
                status: isStored ? "todos; fwd=uri-miss; stored" : "todos; fwd=uri-miss")
        case .shared:
            counters.misses.add()
            return Response(list, prefix: Self.fromDatabase, status: "todos; fwd=uri-miss; collapsed")
        case .bypass:
            counters.bypasses.add()
            return Response(list, prefix: Self.fromDatabase, status: "todos; fwd=bypass; detail=redis-down")
        }
    }

    /// The value of `Cache-Status` (RFC 9211) for a hit.
    private static func hit(secondsLeft: Int64) -> String {
        String(capacity: 48) { output in
            output.append("todos; hit; ttl=")
            output.appendDecimal(Int(secondsLeft))
        }
    }

    private static let fromCache: StaticString = #"{"source":"cache","todos":"#
    private static let fromDatabase: StaticString = #"{"source":"db","todos":"#

    // MARK: One todo

    func create(_ request: Request) async throws -> Response {
        try await limited(request) { user in
            let input = try TodoInput(request.jsonObject())
            return try await written(for: user) {
                let todo = try await store.addTodo(input, for: user.id)
                return Response(status: .created, headers: [.init("Location", "/todos/\(todo.id)")]) {
                    $0.writeJSON(todo)
                }
            }
        }
    }

    func show(_ request: Request) async throws -> Response {
        try await limited(request) { user in
            guard let todo = try await store.todo(request.todoID, of: user.id) else { throw TodoError.notFound }
            return Response { $0.writeJSON(todo) }
        }
    }

    func change(_ request: Request) async throws -> Response {
        try await limited(request) { user in
            let change = try TodoChange(request.jsonObject())
            let id = try request.todoID
            return try await written(for: user) {
                guard let todo = try await store.changeTodo(id, of: user.id, by: change) else {
                    throw TodoError.notFound
                }
                return Response { $0.writeJSON(todo) }
            }
        }
    }

    func delete(_ request: Request) async throws -> Response {
        try await limited(request) { user in
            let id = try request.todoID
            return try await written(for: user) {
                guard try await store.deleteTodo(id, of: user.id) else { throw TodoError.notFound }
                return Response(status: .noContent)
            }
        }
    }

    /// The response to a write, marked `unconfirmed` if other instances may not show the write yet.
    private func written(for user: User, _ write: () async throws -> Response) async throws -> Response {
        var (response, isConfirmed) = try await writes.perform(for: user.id, write)
        if !isConfirmed { response.headers.append(.init("Cache-Status", "todos; fwd=method; detail=unconfirmed")) }
        return response
    }

    // MARK: Authentication and rate limit

    private func limited(_ request: Request, _ handler: (User) async throws -> Response) async throws -> Response {
        try await authenticated(request) { user in
            await .limited(by: limiter, limitKey.text(client: request.client, user: user.id)) {
                try await request.serving { try await handler(user) }
            }
        }
    }

    /// Runs the handler for the token's user.
    private func authenticated(
        _ request: Request, _ handler: (User) async throws -> Response
    ) async throws -> Response {
        try await handler(authenticator.user(of: request))
    }
}

extension Request {
    /// The id in the path. Only the canonical decimal form is valid; anything else is 404.
    fileprivate var todoID: Todo.ID {
        get throws(TodoError) {
            guard let parameter, let id = Todo.ID(parameter), id > 0, String(id) == parameter else {
                throw .notFound
            }
            return id
        }
    }
}

extension Response {
    fileprivate init(_ list: TodoList, prefix: StaticString, status: String) {
        self.init(
            status: .ok, headers: [.json, .init("Cache-Status", status)],
            body: Body(prefix: prefix, bytes: list.json, suffix: "}"))
    }
}
