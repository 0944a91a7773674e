import Glibc
import Logging
import NIOCore

/// The values of the server's settings, with their defaults. `Setting.all` says how each is set.
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
    /// Limit for one client address. Unless set, a quarter of `maxConnections`, but at least 64.
    package var maxConnectionsPerAddress: Int {
        get { chosenConnectionsPerAddress ?? max(64, maxConnections / 4) }
        set { chosenConnectionsPerAddress = newValue }
    }
    private var chosenConnectionsPerAddress: Int?
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

    /// An invalid setting: what is wrong, and what to set instead.
    package struct Invalid: Error, CustomStringConvertible, Equatable {
        package var description: String
    }

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
        for setting in Setting.all {
            if let fault = setting.fault(in: self) { throw Invalid(description: "\(setting.name): \(fault)") }
        }
        if redisCAFile != nil {
            guard case .tls = redis?.endpoint else {
                throw Invalid(description: "redis-ca-file: requires a rediss:// address in redis")
            }
        }
        if writesWithoutRedis == .refuse, redis == nil {
            throw Invalid(description: "writes-without-redis: refuse requires Redis; set its address with redis")
        }
        if rateLimitKind == .slidingWindow {
            let limits = [("rate-limit", rateLimit), ("login-rate-limit", loginRateLimit)]
            let range = RateLimitPolicy.slidingLimits
            for case (let name, let policy?) in limits where !range.contains(policy.limit) {
                throw Invalid(
                    description: "\(name) with sliding-window: must be \(range.lowerBound) to \(range.upperBound), "
                        + "not \(policy.limit)")
            }
        }
        if previousTokenSecret != nil, tokenSecret == nil {
            throw Invalid(description: "previous-token-secret: requires token-secret, the new secret")
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
}
