import Glibc
import Logging
import NIOCore

/// The server's settings and their defaults.
package struct Configuration: Sendable {
    package var host = "127.0.0.1"
    /// 0 lets the system choose a free port.
    package var port = 8000
    package var database = DatabaseAddress.sqlite(path: "todos.sqlite")
    /// Connections kept open to PostgreSQL. Not used with SQLite.
    package var databaseConnections = 8
    /// Nil for no limit.
    package var maxTodosPerUser: Int? = 1000
    /// Nil for the embedded cache and limiter.
    package var redis: RedisURL?
    /// Milliseconds to wait for a reply. After that the request continues without Redis.
    package var redisTimeout = 250
    /// A PEM file of certificate authorities to trust for Redis, instead of the system's.
    package var redisCAFile: String?
    /// What to do with a write while Redis does not confirm that no instance will serve an older list.
    package var writesWithoutRedis = TodoWrites.WithoutRedis.serve
    /// Nil for no limit.
    package var rateLimit: RateLimitPolicy? = RateLimitPolicy(limit: 5, windowSeconds: 10)
    package var loginRateLimit: RateLimitPolicy? = RateLimitPolicy(limit: 10, windowSeconds: 60)
    /// The kind of window for both limits.
    package var rateLimitKind = RateLimitPolicy.Kind.fixedWindow
    /// Logins are always counted by address, because the user is not known yet.
    package var rateLimitKey = RateLimitKey.ip
    /// The peers whose `X-Forwarded-For` is trusted.
    package var trustedProxies: [AddressBlock] = []
    /// Seconds.
    package var cacheLifetime = 60
    /// Nil for a random secret.
    package var tokenSecret: String?
    /// The secret before a rotation. Its tokens are still accepted; new tokens are not signed with it.
    package var previousTokenSecret: String?
    /// Seconds.
    package var tokenLifetime = 1800
    /// Nil for the demonstration password, which is only allowed on loopback.
    package var adminPassword: String?
    package var bcryptCost = 12
    /// Number of event loops.
    package var threads = System.coreCount
    /// Connections over this limit get 503.
    package var maxConnections = 16_384
    /// Limit for one client address; nil for a quarter of `maxConnections`, but at least 64.
    package var maxConnectionsPerAddress: Int?
    /// A folder with Swagger UI's files; nil for the public CDN.
    package var docsAssets: String?
    package var logLevel = Logger.Level.info
    package var logFormat = LogFormat.text
    package var limits = Limits()
    package var databaseTimes = DatabaseTimes()

    package init() {}
}

extension Configuration {
    package enum LogFormat: String, Sendable, CaseIterable {
        case text
        case json
    }

    package static let demonstrationPassword = "admin123"

    /// An invalid setting: its option, what is wrong, and what to set instead.
    package struct Invalid: Error, CustomStringConvertible, Equatable {
        package var description: String
    }

    /// The maximum number of connections from one address.
    package var connectionShare: Int { maxConnectionsPerAddress ?? max(64, maxConnections / 4) }

    /// Whether admin has the password from the documentation.
    private var hasDemonstrationPassword: Bool {
        adminPassword == nil || adminPassword == Self.demonstrationPassword
    }

    /// Whether the host can only be reached from this machine.
    package var isLoopback: Bool {
        var address = in_addr()
        return host == "localhost" || host == "::1"
            || (host.hasPrefix("127.") && inet_pton(AF_INET, host, &address) == 1)
    }

    /// Rejects settings that are invalid or unsafe.
    package func validate() throws(Invalid) {
        try check("port", port, in: 0...65_535)
        try check("cache-ttl", cacheLifetime, in: 1...60)
        try check("token-lifetime", tokenLifetime, in: 1...31_536_000)
        try check("bcrypt-cost", bcryptCost, in: Passwords.costs)
        try check("threads", threads, in: 1...256)
        try check("database-connections", databaseConnections, in: 1...256)
        if let maxTodosPerUser { try check("max-todos-per-user", maxTodosPerUser, in: 1...100_000) }
        try check("redis-timeout", redisTimeout, in: 1...10_000)
        if redisCAFile != nil {
            guard case .tls = redis?.endpoint else {
                throw Invalid(description: "redis-ca-file: requires a rediss:// address in redis")
            }
        }
        if writesWithoutRedis == .refuse, redis == nil {
            throw Invalid(description: "writes-without-redis: refuse requires Redis; set its address with redis")
        }
        try check("max-connections", maxConnections, in: 1...1_000_000)
        if let maxConnectionsPerAddress {
            try check("max-connections-per-address", maxConnectionsPerAddress, in: 1...1_000_000)
        }
        try check("connection-memory", limits.memory / Limits.mebibyte, in: 16...1_048_576)
        try check("minimum-read-rate", limits.readRate, in: 0...1_000_000_000)
        if rateLimitKind == .slidingWindow {
            let limits = [("rate-limit", rateLimit), ("login-rate-limit", loginRateLimit)]
            for case (let name, let policy?) in limits {
                try check(name + " with sliding-window", policy.limit, in: RateLimitPolicy.slidingLimits)
            }
        }
        try check("token-secret", secret: tokenSecret)
        try check("previous-token-secret", secret: previousTokenSecret)
        if previousTokenSecret != nil, tokenSecret == nil {
            throw Invalid(description: "previous-token-secret: requires token-secret, the new secret")
        }
        if let adminPassword, !(8...Passwords.maximumBytes).contains(adminPassword.utf8.count) {
            throw Invalid(
                description:
                    "admin-password: must be 8 to \(Passwords.maximumBytes) bytes, not \(adminPassword.utf8.count)")
        }
        if !isLoopback, hasDemonstrationPassword {
            throw Invalid(
                description: "host: refusing to listen on \(host) while admin has the documented password; "
                    + "set TODO_ADMIN_PASSWORD, or listen on 127.0.0.1")
        }
        if !trustedProxies.isEmpty, hasDemonstrationPassword {
            throw Invalid(
                description: "trusted-proxy: refusing to serve a proxy while admin has the documented password; "
                    + "set TODO_ADMIN_PASSWORD, or remove trusted-proxy")
        }
    }

    private func check(_ name: String, secret: String?) throws(Invalid) {
        if let secret, secret.utf8.count < TokenKey.minimumBytes {
            throw Invalid(
                description: "\(name): must be at least \(TokenKey.minimumBytes) bytes, not \(secret.utf8.count); "
                    + "generate one with `openssl rand -hex 32`")
        }
    }

    private func check(_ name: String, _ value: Int, in range: ClosedRange<Int>) throws(Invalid) {
        guard range.contains(value) else {
            throw Invalid(description: "\(name): must be \(range.lowerBound) to \(range.upperBound), not \(value)")
        }
    }
}
