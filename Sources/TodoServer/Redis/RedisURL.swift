/// Where Redis is: `redis://[[user]:password@]host[:port][/database]`.
package struct RedisURL: Sendable, Equatable, CustomStringConvertible {
    package var host: String
    package var port: Int
    package var username: String?
    package var password: String?
    package var database: Int

    /// The address without the password.
    package var description: String {
        let login = password == nil ? "" : "\(username ?? ""):********@"
        let host = host.contains(":") ? "[\(host)]" : host
        return "redis://\(login)\(host):\(port)/\(database)"
    }

    package struct ParsingError: Error, CustomStringConvertible {
        package var description: String {
            "not a Redis address: write redis://[[user]:password@]host[:port][/database], "
                + "such as redis://127.0.0.1:6379"
        }
    }

    package init(parsing text: String) throws(ParsingError) {
        guard text.prefix(8).isToken("redis://") else { throw ParsingError() }
        var rest = text.dropFirst(8)
        if let at = rest.lastIndex(of: "@") {
            let parts = rest[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { throw ParsingError() }
            username = parts[0].isEmpty ? nil : Request.percentDecoded(parts[0].utf8)
            password = Request.percentDecoded(parts[1].utf8)
            rest = rest[rest.index(after: at)...]
        }
        database = 0
        if let slash = rest.firstIndex(of: "/") {
            let number = rest[rest.index(after: slash)...]
            if !number.isEmpty {
                guard let value = Int(number), (0..<1_000_000).contains(value) else { throw ParsingError() }
                database = value
            }
            rest = rest[..<slash]
        }
        port = 6379
        if let colon = rest.lastIndex(of: ":"), rest.last != "]" {
            guard let value = Int(rest[rest.index(after: colon)...]), (1...65_535).contains(value) else {
                throw ParsingError()
            }
            port = value
            rest = rest[..<colon]
        }
        if rest.first == "[", rest.last == "]" { rest = rest.dropFirst().dropLast() }
        guard !rest.isEmpty else { throw ParsingError() }
        host = String(rest)
    }

    /// What a new connection sends first.
    package var greeting: [RedisCommand] {
        var commands: [RedisCommand] = []
        if let password {
            let arguments = [username, password].compactMap { $0.map(RedisCommand.Argument.text) }
            commands.append(RedisCommand("AUTH", arguments: arguments))
        }
        if database != 0 { commands.append(RedisCommand("SELECT", .text(String(database)))) }
        return commands + [RedisCommand("PING")]
    }
}
