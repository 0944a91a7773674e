import ArgumentParser
import Logging
import TodoServer

/// The options. Each has an environment variable: `--rate-limit` is `TODO_RATE_LIMIT`.
struct ServerOptions: ParsableArguments {
    @Option(help: "Address to listen on. TODO_HOST (default: 127.0.0.1)")
    var host: String?

    @Option(help: "Port to listen on; 0 picks a free port. TODO_PORT (default: 8000)")
    var port: String?

    @Option(
        help: """
            Path of an SQLite file, or postgres://user:password@host:port/database, or \
            postgres://user@/database?host=/directory for a Unix socket. TODO_DATABASE (default: todos.sqlite)
            """)
    var database: String?

    @Option(help: "Number of PostgreSQL connections. TODO_DATABASE_CONNECTIONS (default: 8)")
    var databaseConnections: String?

    @Option(help: "Maximum number of todos per user, or off. TODO_MAX_TODOS_PER_USER (default: 1000)")
    var maxTodosPerUser: String?

    @Option(
        help: """
            Redis for the shared cache and rate limits: redis://[[user]:password@]host[:port][/database], \
            rediss://… for TLS, or unix://[[user]:password@]/path[?db=database]. TODO_REDIS (default: in memory)
            """)
    var redis: String?

    @Option(
        help: """
            Milliseconds to wait for Redis before serving a request without it. TODO_REDIS_TIMEOUT \
            (default: 250)
            """)
    var redisTimeout: String?

    @Option(
        help: """
            PEM file of certificate authorities for rediss://, instead of the system's. TODO_REDIS_CA_FILE \
            (default: the system's)
            """)
    var redisCAFile: String?

    @Option(
        help: """
            What to do with writes while Redis is unavailable: serve, which lets other instances return stale lists \
            for a while, or refuse. TODO_WRITES_WITHOUT_REDIS (default: serve)
            """)
    var writesWithoutRedis: String?

    @Option(help: "Requests to /todos allowed per window and client, or off. TODO_RATE_LIMIT (default: 5/10s)")
    var rateLimit: String?

    @Option(
        help: """
            Logins and registrations allowed per window and client, or off. TODO_LOGIN_RATE_LIMIT (default: 10/60s)
            """)
    var loginRateLimit: String?

    @Option(help: "Kind of window: fixed-window or sliding-window. TODO_RATE_LIMIT_POLICY (default: fixed-window)")
    var rateLimitPolicy: String?

    @Option(help: "What identifies a client to --rate-limit: ip, user or ip+user. TODO_RATE_LIMIT_KEY (default: ip)")
    var rateLimitKey: String?

    @Option(
        help: """
            Comma-separated addresses of proxies whose X-Forwarded-For is trusted, such as 127.0.0.1 or 10.0.0.0/8. \
            TODO_TRUSTED_PROXY (default: none)
            """)
    var trustedProxy: String?

    @Option(name: .customLong("cache-ttl"), help: "Seconds to cache a list. TODO_CACHE_TTL (default: 60)")
    var cacheTTL: String?

    @Option(help: "Secret that signs tokens, at least 32 bytes. TODO_TOKEN_SECRET (default: random)")
    var tokenSecret: String?

    @Option(
        help: """
            Previous token secret; tokens signed with it stay valid until they expire. TODO_PREVIOUS_TOKEN_SECRET \
            (default: none)
            """)
    var previousTokenSecret: String?

    @Option(help: "Token lifetime in seconds. TODO_TOKEN_LIFETIME (default: 1800)")
    var tokenLifetime: String?

    @Option(help: "Password of the user admin. TODO_ADMIN_PASSWORD (default on loopback: admin123)")
    var adminPassword: String?

    @Option(help: "Bcrypt cost of password hashes, 4 to 16. TODO_BCRYPT_COST (default: 12)")
    var bcryptCost: String?

    @Option(help: "Number of event loops. TODO_THREADS (default: the number of cores)")
    var threads: String?

    @Option(help: "Maximum number of open connections; others get 503. TODO_MAX_CONNECTIONS (default: 16384)")
    var maxConnections: String?

    @Option(
        help: """
            Maximum number of open connections per address; trusted proxies are exempt. \
            TODO_MAX_CONNECTIONS_PER_ADDRESS (default: a quarter of --max-connections, at least 64)
            """)
    var maxConnectionsPerAddress: String?

    @Option(
        help: """
            Maximum memory for pending requests and unread responses of all connections, in MiB. \
            TODO_CONNECTION_MEMORY (default: 256)
            """)
    var connectionMemory: String?

    @Option(
        help: """
            Minimum bytes per second that a client must read of a pending response; 0 accepts any progress. \
            TODO_MINIMUM_READ_RATE (default: 1024)
            """)
    var minimumReadRate: String?

    @Option(help: "Directory with Swagger UI's files, for /docs. TODO_DOCS_ASSETS (default: the public CDN)")
    var docsAssets: String?

    @Option(help: "Log level: trace, debug, info, notice, warning, error or critical. TODO_LOG_LEVEL (default: info)")
    var logLevel: String?

    @Option(help: "Log format: text or json. TODO_LOG_FORMAT (default: text)")
    var logFormat: String?

    private static let levels =
        "one of " + Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")

    private static let kinds = "one of " + RateLimitPolicy.Kind.allCases.map(\.rawValue).joined(separator: ", ")
    private static let withoutRedis =
        "one of " + TodoWrites.WithoutRedis.allCases.map(\.rawValue).joined(separator: ", ")
    private static let formats =
        "one of " + Configuration.LogFormat.allCases.map(\.rawValue).joined(separator: ", ")
    private static let keys = "one of " + RateLimitKey.allCases.map(\.rawValue).joined(separator: ", ")

    private static func mebibytes(_ text: String) -> Int? {
        guard let count = Int(text) else { return nil }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: Limits.mebibyte)
        return overflow ? nil : bytes
    }

    /// The configuration from the options and the environment.
    func configuration(environment: [String: String]) throws -> Configuration {
        var configuration = Configuration()
        let settings = Settings(environment: environment)
        try settings.set(&configuration.host, "host", host) { $0.isEmpty ? nil : $0 }
        try settings.set(&configuration.port, "port", port, expected: "a whole number", Int.init)
        try settings.set(&configuration.database, "database", database) { try DatabaseAddress(parsing: $0) }
        try settings.set(
            &configuration.databaseConnections, "database-connections", databaseConnections,
            expected: "a whole number", Int.init)
        try settings.set(
            &configuration.maxTodosPerUser, "max-todos-per-user", maxTodosPerUser, expected: "a whole number or off"
        ) { text -> Int?? in text == "off" ? .some(nil) : Int(text).map { .some($0) } }
        try settings.set(&configuration.redis, "redis", redis) { try RedisURL(parsing: $0) }
        try settings.set(
            &configuration.redisTimeout, "redis-timeout", redisTimeout, expected: "a whole number", Int.init)
        try settings.set(&configuration.redisCAFile, "redis-ca-file", redisCAFile) { $0.isEmpty ? nil : $0 }
        try settings.set(
            &configuration.writesWithoutRedis, "writes-without-redis", writesWithoutRedis,
            expected: Self.withoutRedis, TodoWrites.WithoutRedis.init(rawValue:))
        try settings.set(&configuration.rateLimit, "rate-limit", rateLimit) { .some(try RateLimitPolicy.parse($0)) }
        try settings.set(&configuration.loginRateLimit, "login-rate-limit", loginRateLimit) {
            .some(try RateLimitPolicy.parse($0))
        }
        try settings.set(
            &configuration.rateLimitKind, "rate-limit-policy", rateLimitPolicy, expected: Self.kinds,
            RateLimitPolicy.Kind.init(rawValue:))
        try settings.set(
            &configuration.rateLimitKey, "rate-limit-key", rateLimitKey, expected: Self.keys,
            RateLimitKey.init(rawValue:))
        try settings.set(&configuration.trustedProxies, "trusted-proxy", trustedProxy) {
            try AddressBlock.list(parsing: $0)
        }
        try settings.set(&configuration.cacheLifetime, "cache-ttl", cacheTTL, expected: "a whole number", Int.init)
        try settings.set(&configuration.tokenSecret, "token-secret", tokenSecret) { $0 }
        try settings.set(&configuration.previousTokenSecret, "previous-token-secret", previousTokenSecret) { $0 }
        try settings.set(
            &configuration.tokenLifetime, "token-lifetime", tokenLifetime, expected: "a whole number", Int.init)
        try settings.set(&configuration.adminPassword, "admin-password", adminPassword) { $0 }
        try settings.set(&configuration.bcryptCost, "bcrypt-cost", bcryptCost, expected: "a whole number", Int.init)
        try settings.set(&configuration.threads, "threads", threads, expected: "a whole number", Int.init)
        try settings.set(
            &configuration.logLevel, "log-level", logLevel, expected: Self.levels, Logger.Level.init(rawValue:))
        try settings.set(
            &configuration.maxConnections, "max-connections", maxConnections, expected: "a whole number", Int.init)
        try settings.set(
            &configuration.maxConnectionsPerAddress, "max-connections-per-address", maxConnectionsPerAddress,
            expected: "a whole number", { Int($0).map { .some($0) } })
        try settings.set(
            &configuration.limits.memory, "connection-memory", connectionMemory, expected: "a whole number of MiB",
            Self.mebibytes)
        try settings.set(
            &configuration.limits.readRate, "minimum-read-rate", minimumReadRate, expected: "a whole number", Int.init)
        try settings.set(&configuration.docsAssets, "docs-assets", docsAssets) { $0.isEmpty ? nil : $0 }
        try settings.set(
            &configuration.logFormat, "log-format", logFormat, expected: Self.formats,
            Configuration.LogFormat.init(rawValue:))
        do {
            try configuration.validate()
        } catch {
            throw ValidationError(error.description)
        }
        return configuration
    }
}
