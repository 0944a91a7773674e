@testable import TodoServer

typealias Respond = @Sendable (Request) async -> Response

/// The parts of a server. The defaults are `todo-server`'s; a fault replaces some of them.
struct Parts: Sendable {
    var bcryptCost = 4
    var tokenLifetime = 1800
    var maxTodosPerUser: Int? = 1000
    var policy = RateLimitPolicy(limit: 5, windowSeconds: 10)
    var loginPolicy = RateLimitPolicy(limit: 10, windowSeconds: 60)
    var limiter: @Sendable (RateLimitBucket) -> any RateLimiter = { EmbeddedRateLimiter(bucket: $0) }
    var loginLimiter: @Sendable (RateLimitBucket) -> (any RateLimiter)? = { EmbeddedRateLimiter(bucket: $0) }
    /// If nil, registrations use the login limiter.
    var registerLimiter: (@Sendable (RateLimitBucket) -> any RateLimiter)?
    var cache: @Sendable (any TodoCache) -> any TodoCache = { $0 }
    var store: @Sendable (any TodoStore, any TodoCache) -> any TodoStore = { store, _ in store }
    var users: @Sendable (any UserStore) -> any UserStore = { $0 }
    // Whether the two instances share their counters and their cache.
    var sharesLimiter = true
    var sharesLoginLimiter = true
    var sharesCache = true
    /// How long the simulated database of a fault takes.
    var databaseDelay = Duration.milliseconds(1)
    /// Rewrites the bytes that a client sends before the server parses them, for faults in parts of the head that the
    /// server does not expose.
    var front: (@Sendable (_ request: String) -> String)?
    /// Wraps the server's request handler, given the limiter of `/todos`.
    var wrap: @Sendable (_ server: @escaping Respond, _ limiter: any RateLimiter) -> Respond = { server, _ in server }
}

extension Parts {
    static let secret = "0123456789abcdef0123456789abcdef"
    static let key: TokenKey = {
        guard let key = TokenKey(secret: Array(secret.utf8)) else { preconditionFailure("the test key must be valid") }
        return key
    }()
}
