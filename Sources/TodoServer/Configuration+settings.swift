import Logging

extension Configuration {
    private static let mask = "********"

    /// Every setting as text, by option name. Secrets are masked.
    package var settings: [(name: String, value: String)] {
        func text(_ policy: RateLimitPolicy?) -> String {
            policy.map { "\($0.limit)/\($0.windowSeconds)s" } ?? "off"
        }
        func secret(_ value: String?, orElse absent: String) -> String {
            value == nil ? absent : Self.mask
        }
        return [
            ("host", host),
            ("port", String(port)),
            ("database", database.description),
            ("database-connections", String(databaseConnections)),
            ("max-todos-per-user", maxTodosPerUser.map(String.init) ?? "off"),
            ("redis", redis?.description ?? "in memory"),
            ("redis-timeout", String(redisTimeout)),
            ("redis-ca-file", redisCAFile ?? "the system's trust store"),
            ("writes-without-redis", writesWithoutRedis.rawValue),
            ("rate-limit", text(rateLimit)),
            ("login-rate-limit", text(loginRateLimit)),
            ("rate-limit-policy", rateLimitKind.rawValue),
            ("rate-limit-key", rateLimitKey.rawValue),
            ("trusted-proxy", trustedProxies.map(\.description).joined(separator: ",")),
            ("cache-ttl", String(cacheLifetime)),
            ("token-secret", secret(tokenSecret, orElse: "random")),
            ("previous-token-secret", secret(previousTokenSecret, orElse: "none")),
            ("token-lifetime", String(tokenLifetime)),
            ("admin-password", secret(adminPassword, orElse: "the demo password")),
            ("bcrypt-cost", String(bcryptCost)),
            ("threads", String(threads)),
            ("max-connections", String(maxConnections)),
            ("max-connections-per-address", String(connectionShare)),
            ("connection-memory", String(limits.memory / Limits.mebibyte)),
            ("minimum-read-rate", String(limits.readRate)),
            ("docs-assets", docsAssets ?? "the public CDN"),
            ("log-level", logLevel.rawValue),
            ("log-format", logFormat.rawValue),
        ]
    }
}

extension Configuration: CustomStringConvertible, CustomDebugStringConvertible {
    /// Every setting with secrets masked, so that a logged configuration reveals none.
    package var description: String {
        "Configuration(" + settings.map { "\($0.name): \($0.value)" }.joined(separator: ", ") + ")"
    }
    package var debugDescription: String { description }
}
