import Foundation
import ScenarioRunner

extension TestServer {
    /// Runs the body with a PostgreSQL server of its own and an empty database.
    ///
    /// - Parameter body: called with the database's URL and a shell command that waits until the database is ready.
    package static func withPostgreSQL<Value: Sendable>(
        _ body: @Sendable (_ url: String, _ untilReady: String) async throws -> Value
    ) async throws -> Value {
        let (initdb, postgres) = (try Programs.postgreSQL("initdb"), try Programs.postgreSQL("postgres"))
        let isReady = try Programs.postgreSQL("pg_isready")
        return try await TemporaryDirectory.with { directory in
            // PostgreSQL refuses to run as root.
            let user = getuid() == 0 ? "setpriv --reuid=postgres --regid=postgres --clear-groups -- " : ""
            let own = getuid() == 0 ? "chown postgres:postgres \(directory) && " : ""
            let make =
                "\(user)\(initdb) -D \(directory)/data -U tester --auth trust -E UTF8 --locale C --no-sync"
            let serve =
                "\(user)\(postgres) -D \(directory)/data -p {port} -k \(directory) "
                + "-c listen_addresses=127.0.0.1 -c shared_buffers=32MB"
            var server = ServedCommand(command: "\(own)\(make) && exec \(serve)")
            server.startLimit = .seconds(60)
            return try await server.run { base in
                let ready = "until \(isReady) -q -h 127.0.0.1 -p \(base.port); do sleep 0.05; done"
                return try await body("postgres://tester@127.0.0.1:\(base.port)/postgres", ready)
            }
        }
    }
}
