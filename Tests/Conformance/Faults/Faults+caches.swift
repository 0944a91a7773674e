@testable import TodoServer

// Lists that are stale, belong to another user, or report a wrong source.
extension Fault {
    private static func mistake(_ name: String, _ mistake: FaultyCache.Mistake, _ caught: String) -> Fault {
        Fault(name, caught) { $0.cache = { FaultyCache(cache: $0, mistake: mistake) } }
    }

    /// Simulates the response time of a remote database.
    private static func pause(_ time: Duration) async { try? await Task.sleep(for: time) }

    static let caches: [Fault] = [
        Fault(
            "always reports a list as cached", "CACHE-2",
            answering: { $1.text = $1.text.replacing(#""source":"db""#, with: #""source":"cache""#) }),
        Fault(
            "never reports a list as cached", "CACHE-1",
            answering: { $1.text = $1.text.replacing(#""source":"cache""#, with: #""source":"db""#) }),
        mistake("never fills the cache", .neverFills, "CACHE-1"),
        mistake("never invalidates the cache", .neverInvalidates, "CACHE-4"),
        mistake("invalidates the cache after the response", .invalidatesLater, "CACHE-4"),
        Fault("fills the cache despite a concurrent write", "CACHE-6") { parts in
            let delay = parts.databaseDelay
            parts.cache = { FaultyCache(cache: $0, mistake: .ignoresLeases) }
            parts.store = { store, _ in
                FaultyStore(
                    store: store,
                    list: { store, user in
                        let todos = try await store.todos(of: user)
                        await pause(delay)
                        return todos
                    })
            }
        },
        Fault("invalidates the cache before the write", "CACHE-6") { parts in
            let delay = parts.databaseDelay
            parts.cache = { FaultyCache(cache: $0, mistake: .leavesInvalidation) }
            parts.store = { store, cache in
                guard let cache = cache as? FaultyCache else { return store }
                return FaultyStore(
                    store: store,
                    add: { store, input, user in
                        await cache.cache.invalidate(user)
                        await pause(delay)
                        return try await store.addTodo(input, for: user)
                    },
                    change: { store, id, user, change in
                        await cache.cache.invalidate(user)
                        await pause(delay)
                        return try await store.changeTodo(id, of: user, by: change)
                    },
                    delete: { store, id, user in
                        await cache.cache.invalidate(user)
                        await pause(delay)
                        return try await store.deleteTodo(id, of: user)
                    })
            }
        },
        Fault("invalidates the cache only after creates", "CACHE-5") { parts in
            parts.cache = { FaultyCache(cache: $0, mistake: .leavesInvalidation) }
            parts.store = { store, cache in
                guard let cache = cache as? FaultyCache else { return store }
                return FaultyStore(
                    store: store,
                    add: { store, input, user in
                        let todo = try await store.addTodo(input, for: user)
                        await cache.cache.invalidate(user)
                        return todo
                    })
            }
        },
        mistake("shares one list among all users", .sharedByUsers, "USER-1"),
        Fault("does not send Cache-Status", "CACHE-3", answering: { $1.remove("Cache-Status") }),
        Fault(
            "caches a list for ten minutes", "CACHE-3",
            answering: {
                if let field = $1["Cache-Status"] { $1["Cache-Status"] = field.replacing("ttl=", with: "ttl=6") }
            }),
        Fault(
            "reports a hit as a miss", "CACHE-3",
            answering: { if $1["Cache-Status"] != nil { $1["Cache-Status"] = "todos; fwd=uri-miss" } }),
        Fault(
            "reports a miss as a bypass", "CACHE-3",
            answering: {
                if let field = $1["Cache-Status"] { $1["Cache-Status"] = field.replacing("uri-miss", with: "bypass") }
            }),
        Fault(
            "escapes cached lists", "CACHE-2",
            answering: {
                if $1.text.contains(#""source":"cache""#) { $1.text = $1.text.replacing("<b>", with: "&lt;b>") }
            }),
        Fault("caches separately in each instance", "CACHE-7", "CACHE-8") { $0.sharesCache = false },
    ]
}
