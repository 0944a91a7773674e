import ScenarioRunner

/// Servers that a test starts for itself: real processes, on free ports of loopback, always stopped.
package enum TestServer {
    /// What `todo-server` keeps its cache and its limits in.
    package enum Backend: String, CaseIterable, Sendable {
        case embedded, redis
    }

    /// A `todo-server` with a database of its own.
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

    /// A `todo-server` as a command. The secret is fixed, so that several of them know each other's tokens, and
    /// hashing a password is cheap.
    /// - Parameter preparation: what the shell does before, and that must succeed.
    package static func todoServer(_ options: String, after preparation: String = "true") throws -> ServedCommand {
        let program = try Programs.built("todo-server")
        return ServedCommand(
            command: "\(preparation) && exec \(program) --port 0 --bcrypt-cost 4 --log-level error "
                + "--token-secret \(tokenSecret) \(options)")
    }

    /// A Redis that is waited for: what the limit promises it promises as long as Redis answers in time, and on a machine
    /// that is held up it may not.
    package static func patient(_ redis: String) -> String { "--redis \(redis) --redis-timeout 5000" }

    /// A `redis-server` that keeps nothing on disk; the body is given its URL.
    package static func withRedis<Value: Sendable>(
        _ body: @Sendable (_ url: String) async throws -> Value
    ) async throws -> Value {
        let program = try Programs.installed("redis-server", package: "redis-server")
        let command = "exec \(program) --bind 127.0.0.1 --port {port} --save '' --appendonly no"
        return try await ServedCommand(command: command).run { try await body("redis://127.0.0.1:\($0.port)") }
    }
}
