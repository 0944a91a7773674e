import Foundation
import Glibc

/// What `--observe` names: a process, a Redis or a PostgreSQL database.
package enum ObservationSource: Equatable, Sendable {
    /// A process and its descendants.
    case process(pid_t)
    case redis(RedisAddress)
    /// The URL as libpq takes it.
    case postgres(String)

    /// - Throws: if the text names no source. The error does not repeat the text, which may hold a password.
    package init(parsing text: String) throws(ObservationError) {
        let scheme = text.prefix { $0 != ":" }.lowercased()
        switch scheme {
        case "pid":
            guard let id = pid_t(text.dropFirst("pid:".count)), id > 0 else {
                throw ObservationError("expected the number of a process, such as pid:4711")
            }
            self = .process(id)
        case "redis", "unix": self = .redis(try RedisAddress(parsing: text))
        case "rediss": throw ObservationError("Redis over TLS cannot be observed; use redis:// or unix://")
        case "postgres", "postgresql":
            guard URLComponents(string: text) != nil else {
                throw ObservationError("not a valid URL; expected postgres://user:password@host:port/database")
            }
            self = .postgres(text)
        default: throw ObservationError("expected pid:NUMBER, redis://…, unix://… or postgres://…")
        }
    }

    package enum Kind: String, Codable, Sendable {
        case process, redis, postgres
    }

    package var kind: Kind {
        switch self {
        case .process: .process
        case .redis: .redis
        case .postgres: .postgres
        }
    }

    /// Names the source without its password.
    package var name: String {
        switch self {
        case .process(let id): return "pid:\(id)"
        case .redis(let address): return address.description
        case .postgres(let url):
            guard var parts = URLComponents(string: url) else { return "postgres" }
            parts.password = nil
            // A password may also be a parameter.
            parts.query = nil
            return parts.string ?? "postgres"
        }
    }
}
