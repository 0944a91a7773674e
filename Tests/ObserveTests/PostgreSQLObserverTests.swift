import ScenarioRunner
import TestSupport
import Testing

@testable import Observe

@Suite(.timeLimit(.minutes(2)))
struct PostgreSQLObserverTests {
    @Test("a real PostgreSQL is observed")
    func real() async throws {
        try await TestServer.withPostgreSQL { url, _ in
            let observer = try await Self.open(url)
            let (first, second) = (try observer.read(), try observer.read())
            #expect(second.time > first.time)
            for metric in [ObservedMetric.transactions, .rows, .blocks] {
                #expect(second.values[metric] != nil, "\(metric)")
            }
            #expect((second.values[.blocks] ?? 0) > 0)
        }
    }

    /// Connects once the server accepts connections: it listens before that.
    private static func open(_ url: String) async throws -> PostgreSQLObserver {
        while true {
            do { return try PostgreSQLObserver(url) } catch {
                guard error.description.contains("starting up") else { throw error }
            }
        }
    }

    @Test("a PostgreSQL that is none, or refuses, is an error that says so, without the password")
    func broken() throws {
        let server = try ScriptedServer { connection in
            while connection.receive() != nil { connection.write("HTTP/1.1 400 Bad Request\r\n\r\n") }
        }
        for url in [
            "postgres://user:hunter2@127.0.0.1:\(server.base.port)/todos", "postgres://user:hunter2@127.0.0.1:1/todos",
            "postgres://user:hunter2@127.0.0.1:99999/todos",
        ] {
            let error = #expect(throws: ObservationError.self) { try ObservationSource(parsing: url).check() }
            let text = try #require(error?.description)
            #expect(text.contains("127.0.0.1") && !text.contains("hunter2"), "\(text)")
        }
        withExtendedLifetime(server) {}
    }

    @Test("a PostgreSQL that closes the connection after the greeting is an error")
    func closes() throws {
        let server = try ScriptedServer { connection in _ = connection.receive() }
        #expect(throws: ObservationError.self) {
            try ObservationSource(parsing: "postgres://u@127.0.0.1:\(server.base.port)/d?sslmode=disable").check()
        }
        withExtendedLifetime(server) {}
    }
}
