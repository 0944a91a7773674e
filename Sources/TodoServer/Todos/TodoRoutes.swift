import NIOCore
import NIOHTTP1

/// `/todos`: authentication, then the limit, then the body, as the contract orders them.
package struct TodoRoutes: Sendable {
    let authenticator: Authenticator
    let store: any TodoStore
    let cache: any TodoCache
    let limiter: (any RateLimiter)?

    package var routes: [Route] {
        [
            Route(
                .GET, "/todos", list,
                Operation(
                    summary: "List the user's todos", answer: "TodoList", isAuthenticated: true,
                    isLimited: limiter != nil)),
            Route(
                .POST, "/todos", create,
                Operation(
                    summary: "Create a todo", body: .json("NewTodo"), success: .created, answer: "Todo",
                    isAuthenticated: true, isLimited: limiter != nil)),
        ]
    }

    func list(_ request: Request) async throws -> Response {
        try await authenticated(request) { user in
            // Both questions leave together: admission does not wait for the cache, nor the cache for admission.
            async let lookup = cache.lookup(user.id)
            guard let limiter else {
                let found = await lookup
                return try await list(of: user, found)
            }
            let admission = await limiter.admit(request.client)
            let found = await lookup
            return await answer(admission, of: limiter.bucket) { try await list(of: user, found) }
        }
    }

    func create(_ request: Request) async throws -> Response {
        try await authenticated(request) { user in
            await admitted(request, by: limiter) {
                let input = try TodoInput(request.jsonObject())
                let todo = try await store.addTodo(input, for: user.id)
                await cache.invalidate(user.id)
                return Response(status: .created, headers: [.init("Location", "/todos/\(todo.id)")]) {
                    $0.writeJSON(todo)
                }
            }
        }
    }

    private func list(of user: User, _ lookup: CacheLookup) async throws -> Response {
        switch lookup {
        case .hit(let list, let secondsLeft):
            return Response(list: list, prefix: #"{"source":"cache","todos":"#, "todos; hit; ttl=\(secondsLeft)")
        case .miss:
            // The lease comes before the read: see TodoCache.
            let lease = await cache.lease(user.id)
            let list = try await read(user)
            guard let lease else { return bypassed(list) }
            let stored = await cache.fill(user.id, with: list, under: lease)
            return Response(
                list: list, prefix: #"{"source":"db","todos":"#,
                stored ? "todos; fwd=uri-miss; stored" : "todos; fwd=uri-miss")
        case .unavailable:
            return bypassed(try await read(user))
        }
    }

    private func bypassed(_ list: ByteBuffer) -> Response {
        Response(list: list, prefix: #"{"source":"db","todos":"#, "todos; fwd=bypass; detail=redis-down")
    }

    private func read(_ user: User) async throws -> ByteBuffer {
        var list = ByteBuffer()
        list.writeJSON(try await store.todos(of: user.id))
        return list
    }

    /// Runs a handler for the user of the token. No response to a token's bearer is for any other cache to keep.
    private func authenticated(
        _ request: Request, _ handler: (User) async throws -> Response
    ) async throws -> Response {
        var response: Response
        do {
            response = try await handler(authenticator.user(of: request))
        } catch {
            response = Response(error)
        }
        response.headers.append(.noStore)
        return response
    }
}

extension Response {
    fileprivate init(list: ByteBuffer, prefix: StaticString, _ cacheStatus: String) {
        self.init(
            status: .ok, headers: [.json, .init("Cache-Status", cacheStatus)],
            body: Body(prefix: prefix, bytes: list, suffix: "}"))
    }
}
