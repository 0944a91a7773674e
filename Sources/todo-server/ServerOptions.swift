import ArgumentParser
import Logging
import TodoServer

/// Every option with its environment variable: `--rate-limit` is `TODO_RATE_LIMIT`.
struct ServerOptions: ParsableArguments {
    @Option(help: "The address to listen on. TODO_HOST (default: 127.0.0.1)")
    var host: String?

    @Option(help: "The port; 0 lets the system choose. TODO_PORT (default: 8000)")
    var port: String?

    @Option(
        help: """
            The path of an SQLite file, or postgres://user:password@host:port/database, or \
            postgres://user@/database?host=/directory for a unix socket. TODO_DATABASE (default: todos.sqlite)
            """)
    var database: String?

    @Option(help: "Connections to PostgreSQL. TODO_DATABASE_CONNECTIONS (default: 8)")
    var databaseConnections: String?

    @Option(help: "Todos that a user may have, or off. TODO_MAX_TODOS_PER_USER (default: 1000)")
    var maxTodosPerUser: String?

    @Option(
        help: """
            Cache and count in this Redis: redis://[[user]:password@]host[:port][/database], with TLS rediss://…, or \
            unix://[[user]:password@]/path[?db=database]. TODO_REDIS (default: in memory)
            """)
    var redis: String?

    @Option(
        help: """
            Milliseconds that Redis may take to answer; a request goes on without it then. TODO_REDIS_TIMEOUT \
            (default: 250)
            """)
    var redisTimeout: String?

    @Option(
        help: """
            A PEM file of authorities to trust for rediss://, instead of the system's. TODO_REDIS_CA_FILE \
            (default: the system's)
            """)
    var redisCAFile: String?

    @Option(
        help: """
            What happens to writes while Redis is away: serve, after which other instances may serve an older list for \
            a while, or refuse. TODO_WRITES_WITHOUT_REDIS (default: serve)
            """)
    var writesWithoutRedis: String?

    @Option(help: "Requests to /todos per window and client, or off. TODO_RATE_LIMIT (default: 5/10s)")
    var rateLimit: String?

    @Option(help: "Logins per window and client, or off. TODO_LOGIN_RATE_LIMIT (default: 10/60s)")
    var loginRateLimit: String?

    @Option(help: "What a window is: fixed-window or sliding-window. TODO_RATE_LIMIT_POLICY (default: fixed-window)")
    var rateLimitPolicy: String?

    @Option(help: "Whose requests to /todos count together: ip, user or ip+user. TODO_RATE_LIMIT_KEY (default: ip)")
    var rateLimitKey: String?

    @Option(
        help: """
            Addresses of proxies, such as 127.0.0.1 or 10.0.0.0/8, whose X-Forwarded-For is believed; several by \
            commas. TODO_TRUSTED_PROXY (default: none)
            """)
    var trustedProxy: String?

    @Option(name: .customLong("cache-ttl"), help: "Seconds a list is cached. TODO_CACHE_TTL (default: 60)")
    var cacheTTL: String?

    @Option(help: "What tokens are signed with, 32 bytes at least. TODO_TOKEN_SECRET (default: random)")
    var tokenSecret: String?

    @Option(
        help: """
            The token secret before this one, whose tokens stay good until they expire. TODO_PREVIOUS_TOKEN_SECRET \
            (default: none)
            """)
    var previousTokenSecret: String?

    @Option(help: "Seconds a token is valid. TODO_TOKEN_LIFETIME (default: 1800)")
    var tokenLifetime: String?

    @Option(help: "The password of admin. TODO_ADMIN_PASSWORD (default on loopback: admin123)")
    var adminPassword: String?

    @Option(help: "The cost of a password's hash, 4 to 16. TODO_BCRYPT_COST (default: 12)")
    var bcryptCost: String?

    @Option(help: "Event loops. TODO_THREADS (default: the number of cores)")
    var threads: String?

    @Option(help: "Connections at once; one more is answered 503. TODO_MAX_CONNECTIONS (default: 16384)")
    var maxConnections: String?

    @Option(
        help: """
            Connections from one address at once; trusted proxies are exempt. TODO_MAX_CONNECTIONS_PER_ADDRESS \
            (default: a quarter of --max-connections, at least 64)
            """)
    var maxConnectionsPerAddress: String?

    @Option(
        help: """
            MiB that connections may hold together: unanswered requests and unread responses. TODO_CONNECTION_MEMORY \
            (default: 256)
            """)
    var connectionMemory: String?

    @Option(
        help: """
            Bytes a second that a client must take of a response that waits for it, or 0. TODO_MINIMUM_READ_RATE \
            (default: 1024)
            """)
    var minimumReadRate: String?

    @Option(help: "A folder with Swagger UI's files, for /docs. TODO_DOCS_ASSETS (default: the public CDN)")
    var docsAssets: String?

    @Option(help: "trace, debug, info, notice, warning, error or critical. TODO_LOG_LEVEL (default: info)")
    var logLevel: String?

    @Option(help: "What log lines are: text or json. TODO_LOG_FORMAT (default: text)")
    var logFormat: String?

    private static let levels =
        "a level: " + Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")

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

    /// The configuration that options and environment make together.
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
