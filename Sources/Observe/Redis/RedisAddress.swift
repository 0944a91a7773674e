import Foundation

/// The address of a Redis: `redis://[[user]:password@]host[:port][/database]` or `unix://[[user]:password@]/path`.
///
/// The database is ignored: what Redis counts, it counts for all of them.
package struct RedisAddress: Equatable, Sendable, CustomStringConvertible {
    enum Endpoint: Equatable {
        case tcp(host: String, port: Int32)
        case unix(path: String)
    }

    var endpoint: Endpoint
    var user: String?
    var password: String?

    init(parsing text: String) throws(ObservationError) {
        let problem = ObservationError(
            "expected redis://[[user]:password@]host[:port] or unix://[[user]:password@]/path")
        guard let parts = URLComponents(string: text) else { throw problem }
        user = parts.user.flatMap { $0.isEmpty ? nil : $0 }
        password = parts.password
        if parts.scheme?.lowercased() == "unix" {
            guard !parts.path.isEmpty else { throw problem }
            endpoint = .unix(path: parts.path)
            return
        }
        guard var host = parts.host, !host.isEmpty else { throw problem }
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        guard let port = Int32(exactly: parts.port ?? 6379), (1...65_535).contains(port) else { throw problem }
        endpoint = .tcp(host: host, port: port)
    }

    /// Without user and password.
    package var description: String {
        switch endpoint {
        case .tcp(let host, let port): "redis://\(host.contains(":") ? "[\(host)]" : host):\(port)"
        case .unix(let path): "unix://\(path)"
        }
    }
}
