import NIOHTTP1

@testable import TodoServer

// Subtle faults of statements whose other faults are coarse: correct for one route, method or value, and wrong for a
// similar one.
extension Fault {
    /// A server that replaces a text in its responses.
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

    /// A server that counts or limits requests for a path that has no limit.
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
        saying("sends JWT as the token_type", "LOGIN-1", #""token_type":"bearer""#, #""token_type":"JWT""#),
        Fault(
            "returns 404 for an unknown user", "LOGIN-4",
            answering: { request, response in
                guard request.path == "/login", request.text.contains("nobody") else { return }
                if response.status == .unauthorized { response.status = .notFound }
            }),
        Fault(
            "rejects a grant_type", "LOGIN-5",
            instead: {
                $0.path == "/login" && $0.text.contains("grant_type=password")
                    ? AuthError.wrongPassword.response : nil
            }),
        Fault(
            "rejects a login without a field with 400", "LOGIN-6",
            answering: { if $0.path == "/login", $1.status == .unprocessableEntity { $1.status = .badRequest } }),
        saying("reports a missing login field as invalid", "LOGIN-12", "Field required", "Invalid field") {
            $0.path == "/login"
        },
        Fault(
            "lets only the administrator log in", "REGISTER-1",
            instead: {
                $0.path == "/login" && $0.text.contains("username=new-") ? AuthError.wrongPassword.response : nil
            }),
        Fault(
            "accepts titles that are lists", "INPUT-2", at: "/todos",
            asking: {
                $0.text = $0.text.replacing(#""title":["x"]"#, with: #""title":"x""#)
            }),
        saying("sends an unknown source", "TODO-2", #""source":""#, #""source":"redis-"#),
        saying("lists todos without completed", "TODO-2", #""completed""#, #""done""#) {
            $0.path == "/todos" && $0.method == .GET
        },
        saying("reports a missing todo as \"Not Found\"", "TODO-6", "Todo not found", "Not Found"),
        saying("reports a missing todo to delete as \"Not Found\"", "TODO-6", "Todo not found", "Not Found") {
            $0.method == .DELETE
        },
        Fault(
            "does not name the missing field", "INPUT-1",
            answering: {
                if $0.path == "/todos", $1.status == .unprocessableEntity {
                    $1 = Response(status: .unprocessableEntity, detail: "The title is missing")
                }
            }),
        Fault(
            "accepts an empty body", "INPUT-3", at: "/todos",
            asking: {
                if $0.method == .POST, $0.text.isEmpty { $0.text = #"{"title":"x"}"# }
            }),
        Fault(
            "accepts null as not completed", "INPUT-7", at: "/todos",
            asking: {
                $0.text = $0.text.replacing(#""completed":null"#, with: #""completed":false"#)
            }),
        saying(
            "calls JSON that is not an object malformed", "INPUT-9", #""model_attributes_type""#, #""json_invalid""#),
        Fault(
            "rejects JSON with a charset", "INPUT-14",
            instead: {
                $0.path == "/todos" && $0.fields.contentType?.contains(";") == true
                    ? HTTPError.unsupportedMediaType("JSON, please").response : nil
            }),
        Fault(
            "rejects a Content-Type in capitals", "INPUT-14",
            instead: {
                $0.path == "/todos" && $0.fields.contentType?.hasPrefix("A") == true
                    ? HTTPError.unsupportedMediaType("JSON, please").response : nil
            }),
        saying("reports an unknown path with another message", "HTTP-1", "Not Found", "Unknown path"),
        saying("reports \"up\" instead of \"ok\"", "HEALTH-1", #""ok""#, #""up""#) { $0.path == "/health" },
        saying("denies a write with other words", "LIMIT-2", "Too many requests", "Slow down") { $0.method == .POST },
        uncounted("does not count writes", "LIMIT-7") { $0.method == .POST },
        uncounted("does not count a change", "LIMIT-18") { $0.method == .PATCH },
        uncounted("does not count a deletion", "LIMIT-18") { $0.method == .DELETE },
        uncounted("does not count reads of a todo", "LIMIT-18") { $0.method == .GET && $0.path != "/todos" },
        counted("/openapi.json", "DOCS-3", isLimited: true),
        counted("/openapi.json", "DOCS-3", isLimited: false),
        counted("/docs", "DOCS-3", isLimited: false),
        counted("/ready", "HEALTH-5", isLimited: true),
        counted("/metrics", "HEALTH-5", isLimited: false),
        Fault(
            "does not send RateLimit with 201", "LIMIT-28",
            answering: { if $1.status == .created { $1.remove("RateLimit") } }),
        Fault(
            "does not send RateLimit-Policy with 404", "LIMIT-15",
            answering: { if $1.status == .notFound { $1.remove("RateLimit-Policy") } }),
        Fault("invalidates the cache after creates and changes only", "CACHE-5") { parts in
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
