import NIOHTTP1

@testable import TodoServer

// The nearest wrong implementations of statements whose other faults are coarse: right for one route, method or value,
// and wrong for its neighbour.
extension Fault {
    /// A server that puts some text of its responses otherwise.
    private static func saying(
        _ name: String, _ caught: String, _ old: String, _ new: String,
        where isMeant: @escaping @Sendable (Request) -> Bool = { _ in true }
    ) -> Fault {
        Fault(name, caught, answering: { if isMeant($0) { $1.text = $1.text.replacing(old, with: new) } })
    }

    /// A server that does not count some requests.
    private static func uncounted(
        _ name: String, _ caught: String, where isMeant: @escaping @Sendable (Request) -> Bool
    ) -> Fault {
        Fault(name, caught) { parts in
            parts.limiter = { FaultyLimiter($0, .refunds) }
            parts.wrap = { server, limiter in
                { request in
                    let response = await server(request)
                    if isMeant(request), response.status != .tooManyRequests {
                        (limiter as? FaultyLimiter)?.refund(request.client.key)
                    }
                    return response
                }
            }
        }
    }

    /// A server that counts requests for a path that has no limit, or limits them.
    private static func counted(_ path: String, _ caught: String, isLimited: Bool) -> Fault {
        Fault((isLimited ? "limits " : "counts ") + path, caught) { parts in
            parts.wrap = { server, limiter in
                { request in
                    guard request.path == path else { return await server(request) }
                    let isAdmitted = await limiter.admit(request.client.key).isAdmitted
                    return isAdmitted || !isLimited
                        ? await server(request) : Response(status: .tooManyRequests, detail: "Too many requests")
                }
            }
        }
    }

    static let variants: [Fault] = [
        saying("calls the token's type JWT", "LOGIN-1", #""token_type":"bearer""#, #""token_type":"JWT""#),
        Fault(
            "answers 404 to an unknown user", "LOGIN-4",
            answering: { request, response in
                guard request.path == "/login", request.text.contains("nobody") else { return }
                if response.status == .unauthorized { response.status = .notFound }
            }),
        Fault(
            "refuses a grant_type", "LOGIN-5",
            instead: {
                $0.path == "/login" && $0.text.contains("grant_type=password")
                    ? HTTPError.wrongPassword.response : nil
            }),
        Fault(
            "answers 400 to a login without a field", "LOGIN-6",
            answering: { if $0.path == "/login", $1.status == .unprocessableEntity { $1.status = .badRequest } }),
        saying("calls a missing field of a login an invalid one", "LOGIN-12", "Field required", "Invalid field") {
            $0.path == "/login"
        },
        Fault(
            "logs in nobody but the administrator", "REGISTER-1",
            instead: {
                $0.path == "/login" && $0.text.contains("username=new-") ? HTTPError.wrongPassword.response : nil
            }),
        Fault(
            "accepts titles that are lists", "INPUT-2", at: "/todos",
            asking: {
                $0.text = $0.text.replacing(#""title":["x"]"#, with: #""title":"x""#)
            }),
        saying("says where a list comes from in a word of its own", "TODO-2", #""source":""#, #""source":"redis-"#),
        saying("lists todos without completed", "TODO-2", #""completed""#, #""done""#) {
            $0.path == "/todos" && $0.method == .GET
        },
        saying("calls a todo that is not there just not found", "TODO-6", "Todo not found", "Not Found"),
        saying("calls a todo to delete just not found", "TODO-6", "Todo not found", "Not Found") {
            $0.method == .DELETE
        },
        Fault(
            "does not say which field is missing", "INPUT-1",
            answering: {
                if $0.path == "/todos", $1.status == .unprocessableEntity {
                    $1 = Response(status: .unprocessableEntity, detail: "The title is missing")
                }
            }),
        Fault(
            "takes an empty body for an empty todo", "INPUT-3", at: "/todos",
            asking: {
                if $0.method == .POST, $0.text.isEmpty { $0.text = #"{"title":"x"}"# }
            }),
        Fault(
            "takes null for not completed", "INPUT-7", at: "/todos",
            asking: {
                $0.text = $0.text.replacing(#""completed":null"#, with: #""completed":false"#)
            }),
        saying(
            "calls JSON that is not an object malformed", "INPUT-9", #""model_attributes_type""#, #""json_invalid""#),
        Fault(
            "refuses JSON with a charset", "INPUT-14",
            instead: {
                $0.path == "/todos" && $0.fields.contentType?.contains(";") == true
                    ? HTTPError.unsupportedMediaType("JSON, please").response : nil
            }),
        Fault(
            "refuses JSON in capitals", "INPUT-14",
            instead: {
                $0.path == "/todos" && $0.fields.contentType?.hasPrefix("A") == true
                    ? HTTPError.unsupportedMediaType("JSON, please").response : nil
            }),
        saying("calls an unknown path unknown", "HTTP-1", "Not Found", "Unknown path"),
        saying("says that it is up", "HEALTH-1", #""ok""#, #""up""#) { $0.path == "/health" },
        saying("denies a write in other words", "LIMIT-2", "Too many requests", "Slow down") { $0.method == .POST },
        uncounted("does not count writes", "LIMIT-7") { $0.method == .POST },
        uncounted("does not count a change", "LIMIT-18") { $0.method == .PATCH },
        uncounted("does not count a deletion", "LIMIT-18") { $0.method == .DELETE },
        uncounted("does not count a todo that is read", "LIMIT-18") { $0.method == .GET && $0.path != "/todos" },
        counted("/openapi.json", "DOCS-3", isLimited: true),
        counted("/openapi.json", "DOCS-3", isLimited: false),
        counted("/docs", "DOCS-3", isLimited: false),
        counted("/ready", "HEALTH-5", isLimited: true),
        counted("/metrics", "HEALTH-5", isLimited: false),
        Fault(
            "says nothing of the limit where a todo was created", "LIMIT-28",
            answering: { if $1.status == .created { $1.remove("RateLimit") } }),
        Fault(
            "says nothing of the policy where a todo is not there", "LIMIT-15",
            answering: { if $1.status == .notFound { $1.remove("RateLimit-Policy") } }),
        Fault("empties the cache for creates and changes, not for deletions", "CACHE-5") { parts in
            parts.cache = { FaultyCache(cache: $0, mistake: .leavesInvalidation) }
            parts.store = { store, cache in
                guard let cache = cache as? FaultyCache else { return store }
                return FaultyStore(
                    store: store,
                    add: { store, input, user in
                        let todo = try await store.addTodo(input, for: user)
                        await cache.cache.invalidate(user)
                        return todo
                    },
                    change: { store, id, user, change in
                        let todo = try await store.changeTodo(id, of: user, by: change)
                        await cache.cache.invalidate(user)
                        return todo
                    })
            }
        },
    ]
}
