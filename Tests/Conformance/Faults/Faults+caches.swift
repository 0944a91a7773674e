@testable import TodoServer

// Lists that are stale, somebody else's, or said to come from elsewhere.
extension Fault {
    private static func mistake(_ name: String, _ mistake: FaultyCache.Mistake, _ caught: String) -> Fault {
        Fault(name, caught) { $0.cache = { FaultyCache(cache: $0, mistake: mistake) } }
    }

    /// What a database on the other side of a wire takes to answer.
    private static func pause() async { try? await Task.sleep(for: .milliseconds(1)) }

    static let caches: [Fault] = [
        Fault(
            "always says that a list is from the cache", "CACHE-2",
            answering: { $1.text = $1.text.replacing(#""source":"db""#, with: #""source":"cache""#) }),
        Fault(
            "always says that a list is from the database", "CACHE-1",
            answering: { $1.text = $1.text.replacing(#""source":"cache""#, with: #""source":"db""#) }),
        mistake("never fills the cache", .neverFills, "CACHE-1"),
        mistake("never empties the cache", .neverInvalidates, "CACHE-4"),
        mistake("empties the cache after it has answered", .invalidatesLater, "CACHE-4"),
        Fault("fills the cache whatever was written meanwhile", "CACHE-6") { parts in
            parts.cache = { FaultyCache(cache: $0, mistake: .ignoresLeases) }
            parts.store = { store, _ in
                FaultyStore(
                    store: store,
                    list: { store, user in
                        let todos = try await store.todos(of: user)
                        await pause()
                        return todos
                    })
            }
        },
        Fault("empties the cache before it writes", "CACHE-6") { parts in
            parts.cache = { FaultyCache(cache: $0, mistake: .leavesInvalidation) }
            parts.store = { store, cache in
                guard let cache = cache as? FaultyCache else { return store }
                return FaultyStore(
                    store: store,
                    add: { store, input, user in
                        await cache.cache.invalidate(user)
                        await pause()
                        return try await store.addTodo(input, for: user)
                    },
                    change: { store, id, user, change in
                        await cache.cache.invalidate(user)
                        await pause()
                        return try await store.changeTodo(id, of: user, by: change)
                    },
                    delete: { store, id, user in
                        await cache.cache.invalidate(user)
                        await pause()
                        return try await store.deleteTodo(id, of: user)
                    })
            }
        },
        Fault("empties the cache for a create alone", "CACHE-5") { parts in
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
        mistake("has one list for all users", .sharedByUsers, "USER-1"),
        Fault("does not send Cache-Status", "CACHE-3", answering: { $1.remove("Cache-Status") }),
        Fault(
            "keeps a list for ten minutes", "CACHE-3",
            answering: {
                if let field = $1["Cache-Status"] { $1["Cache-Status"] = field.replacing("ttl=", with: "ttl=6") }
            }),
        Fault(
            "says a miss where it hit", "CACHE-3",
            answering: { if $1["Cache-Status"] != nil { $1["Cache-Status"] = "todos; fwd=uri-miss" } }),
        Fault(
            "says that it passed the cache by where it missed", "CACHE-3",
            answering: {
                if let field = $1["Cache-Status"] { $1["Cache-Status"] = field.replacing("uri-miss", with: "bypass") }
            }),
        Fault(
            "escapes what comes from the cache", "CACHE-2",
            answering: {
                if $1.text.contains(#""source":"cache""#) { $1.text = $1.text.replacing("<b>", with: "&lt;b>") }
            }),
        Fault("caches in each instance by itself", "CACHE-7", "CACHE-8") { $0.sharesCache = false },
    ]
}
