import ScenarioRunner

/// Servers started for a test: real processes on free loopback ports, always stopped afterwards.
package enum TestServer {
    /// Where `todo-server` keeps its cache and rate limits.
    package enum Backend: String, CaseIterable, Sendable {
        case embedded, redis
    }

    /// Runs a `todo-server` with its own database.
    package static func withTodoServer<Value: Sendable>(
        _ backend: Backend, options: String = "", _ body: @Sendable (BaseURL) async throws -> Value
    ) async throws -> Value {
        try await TemporaryDirectory.with { directory in
            let database = "--database \(directory)/todos.sqlite"
            switch backend {
            case .embedded: return try await todoServer("\(database) \(options)").run(body)
            case .redis:
                return try await withRedis { redis in
                    try await todoServer("\(database) \(patient(redis)) \(options)").run(body)
                }
            }
        }
    }

    package static let tokenSecret = "0123456789abcdef0123456789abcdef"

    /// A `todo-server` as a command. The token secret is fixed, so that several servers accept each other's tokens, and
    /// password hashing is cheap.
    /// - Parameter preparation: a shell command that runs before and must succeed.
    package static func todoServer(_ options: String, after preparation: String = "true") throws -> ServedCommand {
        let program = try Programs.built("todo-server")
        return ServedCommand(
            command: "\(preparation) && exec \(program) --port 0 --bcrypt-cost 4 --log-level error "
                + "--token-secret \(tokenSecret) \(options)")
    }

    /// Options with a long Redis timeout. The limit is exact only while Redis responds in time, and on a busy machine
    /// it may be slow.
    package static func patient(_ redis: String) -> String { "--redis \(redis) --redis-timeout 5000" }

    /// Runs the body with the URL of a `redis-server` without persistence.
    package static func withRedis<Value: Sendable>(
        _ body: @Sendable (_ url: String) async throws -> Value
    ) async throws -> Value {
        let program = try Programs.installed("redis-server", package: "redis-server")
        let command = "exec \(program) --bind 127.0.0.1 --port {port} --save '' --appendonly no"
        return try await ServedCommand(command: command).run { try await body("redis://127.0.0.1:\($0.port)") }
    }
}
