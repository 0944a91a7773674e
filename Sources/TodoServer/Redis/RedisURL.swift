/// A Redis address: `redis://[[user]:password@]host[:port][/database]`, `rediss://…` for TLS, or
/// `unix://[[user]:password@]/path[?db=database]` for a Unix socket.
///
/// Special characters in the user name and password are percent-encoded.
package struct RedisURL: Sendable, Equatable, CustomStringConvertible {
    package enum Endpoint: Sendable, Equatable {
        case tcp(host: String, port: Int)
        case tls(host: String, port: Int)
        case unix(path: String)
    }

    package var endpoint: Endpoint
    /// The Redis ACL user. Without it, the password is the default user's.
    package var username: String?
    package var password: String?
    package var database: Int

    /// The address with the password masked.
    package var description: String {
        let login = password == nil ? "" : "\(username ?? ""):********@"
        switch endpoint {
        case .tcp(let host, let port): return "redis://\(login)\(Self.text(host)):\(port)/\(database)"
        case .tls(let host, let port): return "rediss://\(login)\(Self.text(host)):\(port)/\(database)"
        case .unix(let path): return "unix://\(login)\(path)?db=\(database)"
        }
    }

    private static func text(_ host: String) -> String { host.contains(":") ? "[\(host)]" : host }

    package struct ParsingError: Error, CustomStringConvertible {
        package var description: String {
            "not a valid Redis address: use redis://[[user]:password@]host[:port][/database], such as "
                + "redis://127.0.0.1:6379; the same with rediss:// for TLS; or "
                + "unix://[[user]:password@]/path[?db=database]"
        }
    }

    package init(parsing text: String) throws(ParsingError) {
        let scheme = text.prefix { $0 != ":" }
        var rest = text.dropFirst(scheme.count)
        guard rest.hasPrefix("://") else { throw ParsingError() }
        rest = rest.dropFirst(3)
        if let at = rest.lastIndex(of: "@") {
            let parts = rest[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { throw ParsingError() }
            username = parts[0].isEmpty ? nil : Request.percentDecoded(parts[0].utf8)
            password = Request.percentDecoded(parts[1].utf8)
            rest = rest[rest.index(after: at)...]
        }
        switch scheme.lowercased() {
        case let name where name == "redis" || name == "rediss":
            let (host, port, database) = try Self.network(rest)
            endpoint = name == "redis" ? .tcp(host: host, port: port) : .tls(host: host, port: port)
            self.database = database
        case "unix", "redis+unix": (endpoint, database) = try Self.socket(rest)
        default: throw ParsingError()
        }
    }

    /// Parses `host[:port][/database]`.
    private static func network(_ text: Substring) throws(ParsingError) -> (host: String, port: Int, database: Int) {
        var rest = text
        var database = 0
        if let slash = rest.firstIndex(of: "/") {
            let number = rest[rest.index(after: slash)...]
            if !number.isEmpty { database = try Self.database(number) }
            rest = rest[..<slash]
        }
        var port = 6379
        if let colon = rest.lastIndex(of: ":"), rest.last != "]" {
            guard let value = Int(rest[rest.index(after: colon)...]), (1...65_535).contains(value) else {
                throw ParsingError()
            }
            port = value
            rest = rest[..<colon]
        }
        if rest.first == "[", rest.last == "]" { rest = rest.dropFirst().dropLast() }
        guard !rest.isEmpty, !rest.contains(where: { "?#=".contains($0) }) else { throw ParsingError() }
        return (String(rest), port, database)
    }

    /// The maximum length of a path in `sockaddr_un`, without its NUL.
    private static let maximumPathBytes = 107

    /// Parses `/path[?db=database]`.
    private static func socket(_ text: Substring) throws(ParsingError) -> (Endpoint, Int) {
        let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let path = Request.percentDecoded(parts[0].utf8)
        guard path.hasPrefix("/"), path.utf8.count <= maximumPathBytes else { throw ParsingError() }
        guard parts.count == 2 else { return (.unix(path: path), 0) }
        guard parts[1].hasPrefix("db=") else { throw ParsingError() }
        return (.unix(path: path), try database(parts[1].dropFirst(3)))
    }

    private static func database(_ text: Substring) throws(ParsingError) -> Int {
        guard let value = Int(text), (0..<1_000_000).contains(value) else { throw ParsingError() }
        return value
    }

    /// The first commands on a new connection. `INFO` comes last and identifies the Redis.
    package var greeting: [RedisCommand] {
        var commands: [RedisCommand] = []
        if let password {
            let arguments = [username, password].compactMap { $0.map(RedisCommand.Argument.text) }
            commands.append(RedisCommand("AUTH", arguments: arguments))
        }
        if database != 0 { commands.append(RedisCommand("SELECT", .text(String(database)))) }
        return commands + [RedisCommand("PING"), RedisCommand("INFO")]
    }
}
