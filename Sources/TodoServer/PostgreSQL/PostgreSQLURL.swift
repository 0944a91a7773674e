import CPostgres

/// A PostgreSQL address: `postgres://[user[:password]@][host][:port][/database][?parameter=value&…]`.
///
/// libpq parses it (PostgreSQL manual, section 34.1.1), so all its parameters work, such as `?host=/directory` for a
/// Unix socket and `?sslmode=…`.
package struct PostgreSQLURL: Sendable, Equatable, CustomStringConvertible {
    /// The address as given, including the password.
    let text: String
    /// The address with its secrets masked.
    package let description: String

    package struct ParsingError: Error, CustomStringConvertible {
        package var description: String {
            "not a valid PostgreSQL address: use postgres://user:password@host:port/database, with special "
                + "characters percent-encoded, or postgres://user@/database?host=/directory for a Unix socket"
        }
    }

    package static func isOne(_ text: String) -> Bool {
        ["postgres://", "postgresql://"].contains { text.hasPrefix($0) }
    }

    /// Whether the password contains an unescaped `/` or `@`. libpq would read the rest of it as the host or database,
    /// which are not masked.
    private static func hasStrayAt(_ text: String) -> Bool {
        let address = text.drop { $0 != "/" }.dropFirst(2).prefix { $0 != "?" }
        let authority = address.prefix { $0 != "/" }
        return address.dropFirst(authority.count).contains("@") || authority.count { $0 == "@" } > 1
    }

    package init(parsing text: String) throws(ParsingError) {
        // libpq's error message is not shown, because it may quote the password.
        guard Self.isOne(text), !Self.hasStrayAt(text), let options = PQconninfoParse(text, nil) else {
            throw ParsingError()
        }
        defer { PQconninfoFree(options) }
        var parts: [String: String] = [:]
        var others: [String] = []
        var option = options
        while let keyword = option.pointee.keyword {
            defer { option += 1 }
            guard let value = option.pointee.val else { continue }
            let name = String(cString: keyword)
            // libpq marks secret options with a star.
            let isSecret = option.pointee.dispchar[0] == CChar(bitPattern: UInt8(ascii: "*"))
            let shown = isSecret ? "********" : String(cString: value)
            if ["user", "password", "host", "port", "dbname"].contains(name), !(name == "host" && shown.hasPrefix("/"))
            {
                parts[name] = shown
            } else {
                others.append("\(name)=\(shown)")
            }
        }
        self.text = text
        var address = parts["user", default: ""] + (parts["password"].map { ":\($0)" } ?? "")
        if !address.isEmpty { address += "@" }
        address += parts["host", default: ""] + (parts["port"].map { ":\($0)" } ?? "")
        description =
            "postgres://\(address)/\(parts["dbname", default: ""])"
            + (others.isEmpty ? "" : "?" + others.joined(separator: "&"))
    }
}
