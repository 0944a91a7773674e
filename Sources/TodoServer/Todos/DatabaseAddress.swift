import Logging

/// A database address: the path of an SQLite file, or `postgres://…`.
package enum DatabaseAddress: Sendable, Equatable, CustomStringConvertible {
    case sqlite(path: String)
    case postgreSQL(PostgreSQLURL)

    /// The text is neither a file path nor a PostgreSQL URL.
    package struct UnknownScheme: Error, CustomStringConvertible {
        package var description: String {
            "not a valid database: use the path of an SQLite file, or postgres://user:password@host:port/database"
        }
    }

    package init(parsing text: String) throws {
        if PostgreSQLURL.isOne(text) {
            self = .postgreSQL(try PostgreSQLURL(parsing: text))
        } else if text.isEmpty || text.contains("://") || text.contains("password=") {
            throw UnknownScheme()
        } else {
            self = .sqlite(path: text)
        }
    }

    /// The address with its secrets masked.
    package var description: String {
        switch self {
        case .sqlite(let path): path
        case .postgreSQL(let url): url.description
        }
    }
}

extension DatabaseAddress {
    /// Opens the store and migrates its tables.
    /// - Parameters:
    ///   - connections: number of connections to PostgreSQL.
    ///   - maxTodosPerUser: nil for no limit.
    package func open(
        connections: Int, maxTodosPerUser: Int? = nil, times: DatabaseTimes = DatabaseTimes(), logger: Logger
    ) async throws -> any Store {
        switch self {
        case .sqlite(let path): try SQLiteStore(path: path, maxTodosPerUser: maxTodosPerUser, times: times)
        case .postgreSQL(let url):
            try await PostgreSQLStore.open(
                url, connections: connections, maxTodosPerUser: maxTodosPerUser, times: times, logger: logger)
        }
    }
}
