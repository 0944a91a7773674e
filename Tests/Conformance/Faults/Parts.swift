@testable import TodoServer

typealias Respond = @Sendable (Request) async -> Response

/// What a server is made of. As it stands it is `todo-server`'s own; a fault replaces some of it.
struct Parts: Sendable {
    var bcryptCost = 4
    var tokenLifetime = 1800
    var maxTodosPerUser: Int? = 1000
    var policy = RateLimitPolicy(limit: 5, windowSeconds: 10)
    var loginPolicy = RateLimitPolicy(limit: 10, windowSeconds: 60)
    var limiter: @Sendable (RateLimitBucket) -> any RateLimiter = { EmbeddedRateLimiter(bucket: $0) }
    var loginLimiter: @Sendable (RateLimitBucket) -> (any RateLimiter)? = { EmbeddedRateLimiter(bucket: $0) }
    /// Nil where it is the login's.
    var registerLimiter: (@Sendable (RateLimitBucket) -> any RateLimiter)?
    var cache: @Sendable (any TodoCache) -> any TodoCache = { $0 }
    var store: @Sendable (any TodoStore, any TodoCache) -> any TodoStore = { store, _ in store }
    var users: @Sendable (any UserStore) -> any UserStore = { $0 }
    /// Whether the two instances count and cache together.
    var sharesLimiter = true
    var sharesLoginLimiter = true
    var sharesCache = true
    /// Rewrites what a client sends before the server reads it: a request's head says more than the server looks at.
    var front: (@Sendable (_ request: String) -> String)?
    /// What stands before the server's own answers, given the limiter of `/todos`.
    var wrap: @Sendable (_ server: @escaping Respond, _ limiter: any RateLimiter) -> Respond = { server, _ in server }
}

extension Parts {
    static let secret = "0123456789abcdef0123456789abcdef"
    static let key: TokenKey = {
        guard let key = TokenKey(secret: Array(secret.utf8)) else { preconditionFailure("32 bytes are a key") }
        return key
    }()
}
