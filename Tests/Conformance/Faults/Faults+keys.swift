import NIOHTTP1
import Synchronization

@testable import TodoServer

// Caches and limits with the wrong key.
extension Fault {
    /// A server that caches lists by another key than the user. A write only drops the list of its own key.
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
        lists("caches a list per token", "CACHE-9") { $0.fields.authorization },
        lists("caches a list per address", "USER-3") { $0.client.key },
        Fault("caches the response to HEAD as a list", "CACHE-10") { parts in
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
        logins("counts logins by username") { $0.text },
        logins("trusts X-Forwarded-For for logins") { $0.fields.forwardedFor },
        Fault("limits logins for 10 s", "LIMIT-24") {
            $0.loginPolicy = RateLimitPolicy(limit: 10, windowSeconds: 10)
        },
        Fault("limits logins separately in each instance", "LIMIT-25") { $0.sharesLoginLimiter = false },
    ]
}
