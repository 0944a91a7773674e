import Logging

extension Setting {
    /// Every setting, in the order of the help and the documentation.
    package static let all: [Setting] = serving + data + limits + accounts + resources + output

    private static let serving = [
        Setting("host", \.host, .text, "Address to listen on"),
        Setting(
            "port", \.port, .number(in: 0...65_535), "Port to listen on; 0 picks a free port",
            details: "the line `todo-server listening on …` shows it"),
    ]

    private static let data = [
        Setting(
            "database", \.database, .described { try DatabaseAddress(parsing: $0) },
            """
            Path of an SQLite file, or `postgres://user:password@host:port/database`, or \
            `postgres://user@/database?host=/directory` for a Unix socket
            """),
        Setting(
            "database-connections", \.databaseConnections, .number(in: 1...256), "Number of PostgreSQL connections"),
        Setting(
            "max-todos-per-user", \.maxTodosPerUser, .orOff(.number(in: 1...100_000)),
            "Maximum number of todos per user, or `off`", details: "one more is rejected with 409"),
        Setting(
            "redis", \.redis, .described { try RedisURL(parsing: $0) }, unset: "in memory",
            """
            Redis for the shared cache and rate limits: `redis://[[user]:password@]host[:port][/database]`, \
            `rediss://…` for TLS, or `unix://[[user]:password@]/path[?db=database]`
            """),
        Setting(
            "redis-timeout", \.redisTimeout, .number(in: 1...10_000),
            "Milliseconds to wait for Redis before serving a request without it"),
        Setting(
            "redis-ca-file", \.redisCAFile, .text, unset: "the system's",
            "PEM file of certificate authorities to trust for `rediss://`"),
        Setting(
            "writes-without-redis", \.writesWithoutRedis, .word(),
            """
            What to do with writes while Redis is unavailable: `serve`, which lets other instances return stale lists \
            for a while, or `refuse`
            """,
            details: "see [Redis](#redis)"),
        Setting(
            "cache-ttl", \.cacheLifetime, .number(in: 1...60), "Seconds to cache a list, at most 60"),
    ]

    private static let limits = [
        Setting(
            "rate-limit", \.rateLimit, .rateLimit, "Requests to `/todos` allowed per window and client, or `off`"),
        Setting(
            "login-rate-limit", \.loginRateLimit, .rateLimit,
            "Logins and registrations allowed per window and client, or `off`"),
        Setting(
            "rate-limit-policy", \.rateLimitKind, .word(), "Kind of window: `fixed-window` or `sliding-window`",
            details: "a sliding window never admits more than the limit in any period of its length"),
        Setting(
            "rate-limit-key", \.rateLimitKey, .word(),
            "What identifies a client to `--rate-limit`: `ip`, `user` or `ip+user`",
            details: "IPv6 clients are grouped by /64"),
        Setting(
            "trusted-proxy", \.trustedProxies, .addressBlocks, standard: "none",
            """
            Comma-separated addresses of proxies whose `X-Forwarded-For` is trusted, such as `127.0.0.1` or \
            `10.0.0.0/8`
            """,
            details: "see [Behind a proxy](#behind-a-proxy)"),
    ]

    private static let accounts = [
        Setting(
            "token-secret", \.tokenSecret, .tokenSecret, unset: "random",
            "Secret that signs tokens, at least 32 bytes", details: "generate one with `openssl rand -hex 32`"),
        Setting(
            "previous-token-secret", \.previousTokenSecret, .tokenSecret, unset: "none",
            "Previous token secret; tokens signed with it stay valid until they expire"),
        Setting(
            "token-lifetime", \.tokenLifetime, .number(in: 1...31_536_000), "Seconds that a token is valid"),
        Setting(
            "admin-password", \.adminPassword, .password, unset: "`\(Configuration.demonstrationPassword)`",
            "Password of the user `admin`; the default is allowed on loopback only",
            details: "if given, it is set at every start"),
        Setting(
            "bcrypt-cost", \.bcryptCost, .number(in: Passwords.costs), "Cost of password hashes, 4 to 16",
            details: "each step doubles the work"),
    ]

    private static let resources = [
        Setting(
            "threads", \.threads, .number(in: 1...256), standard: "the number of cores", "Number of event loops"),
        Setting(
            "max-connections", \.maxConnections, .number(in: 1...1_000_000),
            "Maximum number of open connections; others get 503"),
        Setting(
            "max-connections-per-address", \.maxConnectionsPerAddress, .number(in: 1...1_000_000),
            standard: "a quarter of `--max-connections`, at least 64",
            "Maximum number of open connections per address; trusted proxies are exempt",
            details: "one more gets 503; IPv6 clients are grouped by /64"),
        Setting(
            "connection-memory", \.limits.memory, .mebibytes(in: 16...1_048_576),
            "Maximum memory for pending requests and unread responses of all connections, in MiB",
            details: "see [Memory](#memory)"),
        Setting(
            "minimum-read-rate", \.limits.readRate, .number(in: 0...1_000_000_000),
            "Minimum bytes per second that a client must read of a pending response; 0 accepts any progress"),
    ]

    private static let output = [
        Setting(
            "docs-assets", \.docsAssets, .text, unset: "the public CDN",
            "Directory with Swagger UI's files, to serve `/docs` without internet access"),
        Setting(
            "log-level", \.logLevel, .word(),
            "Log level: `trace`, `debug`, `info`, `notice`, `warning`, `error` or `critical`",
            details: "`debug` logs every request"),
        Setting(
            "log-format", \.logFormat, .word(), "Log format: `text` or `json`", details: "`json` is one object per line"
        ),
    ]
}
