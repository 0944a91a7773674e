import NIOHTTP1
import Synchronization

@testable import TodoServer

// What is kept or counted by something else than it belongs to.
extension Fault {
    /// A server that keeps lists by something else than the user, and drops one at a write that bears the same alone.
    private static func lists(
        _ name: String, _ caught: String, by key: @escaping @Sendable (Request) -> String?
    ) -> Fault {
        Fault(name, caught) { parts in
            parts.wrap = { server, _ in
                let lists = Mutex<[String: Response]>([:])
                return { request in
                    guard request.path.hasPrefix("/todos"), let key = key(request) else { return await server(request) }
                    let isList = request.path == "/todos" && request.method == .GET
                    if isList, let kept = lists.withLock({ $0[key] }) { return kept }
                    let response = await server(request)
                    lists.withLock { lists in
                        if isList, response.status == .ok { lists[key] = response }
                        if ![.GET, .HEAD].contains(request.method) { lists[key] = nil }
                    }
                    return response
                }
            }
        }
    }

    private static func logins(_ name: String, by key: @escaping @Sendable (Request) -> String?) -> Fault {
        Fault(
            name, "LIMIT-24",
            asking: { if $0.path == "/login", let key = key($0) { $0.client.key = key } })
    }

    static let keys: [Fault] = [
        lists("keeps a list for each token", "CACHE-9") { $0.fields.authorization },
        lists("keeps a list for each address", "USER-3") { $0.client.key },
        Fault("keeps for a list what it answered HEAD", "CACHE-10") { parts in
            parts.wrap = { server, _ in
                let heads = Mutex<Set<String>>([])
                return { request in
                    let key = request.fields.authorization ?? ""
                    guard request.path == "/todos" else { return await server(request) }
                    if request.method == .HEAD { heads.withLock { _ = $0.insert(key) } }
                    if request.method == .GET, heads.withLock({ $0.contains(key) }) {
                        return Response(json: #"{"source":"cache","todos":[]}"#)
                    }
                    return await server(request)
                }
            }
        },
        logins("counts logins by the user's name") { $0.text },
        logins("believes X-Forwarded-For of who logs in") { $0.fields.forwardedFor },
        Fault("limits logins for 10 s", "LIMIT-24") {
            $0.loginPolicy = RateLimitPolicy(limit: 10, windowSeconds: 10)
        },
        Fault("limits logins to each instance by itself", "LIMIT-25") { $0.sharesLoginLimiter = false },
    ]
}
