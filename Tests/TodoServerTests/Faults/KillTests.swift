import Glibc
import Testing
import TestSupport

@testable import TodoServer

/// Kills the server repeatedly during writes. Every acknowledged write must still be there afterwards.
@Suite(.timeLimit(.minutes(10)), .serialized) struct KillTests {
    private static let rounds = TodoServerTests.rounds("TODO_TEST_KILLS", otherwise: 3)

    @Test("no acknowledged write is lost when the server is killed, on SQLite")
    func nothingIsLostOnSQLite() async throws {
        try await TemporaryDirectory.with { directory in
            try await killRepeatedly(database: directory + "/todos.sqlite") {}
        }
    }

    /// PostgreSQL is killed too and recovers from its write-ahead log.
    @Test("no acknowledged write is lost when the server and PostgreSQL are killed")
    func nothingIsLostOnPostgreSQL() async throws {
        try await TestPostgreSQL.with { postgreSQL in
            try await killRepeatedly(database: postgreSQL.newDatabase().text) { try await postgreSQL.crash() }
        }
    }

    private func killRepeatedly(database: String, crash: () async throws -> Void) async throws {
        var acknowledged: Set<String> = []
        var token = ""
        for round in 0..<Self.rounds {
            let (process, port) = try await Self.serve(database)
            defer { process.stop() }
            if round == 0 { token = try await RawClient.connect(to: port).token() }
            let count = Counter()
            let writers = (0..<8).map { [token] number in
                Task {
                    var titles: [String] = []
                    guard let client = try? await RawClient.connect(to: port) else { return titles }
                    while true {
                        let title = "\(round)-\(number)-\(titles.count)"
                        guard let answer = try? await client.post(#"{"title":"\#(title)"}"#, token: token),
                            answer.status == 201
                        else { return titles }
                        titles.append(title)
                        count.add()
                    }
                }
            }
            let enough = Int.random(in: 10...200)
            try await waitUntil("some writes are acknowledged") { count.value >= enough }
            process.signal(SIGKILL)
            for writer in writers { acknowledged.formUnion(await writer.value) }
            try await crash()
        }
        let (process, port) = try await Self.serve(database)
        defer { process.stop() }
        let titles = Set(try await RawClient.connect(to: port).get("/todos", token: token).titles)
        #expect(acknowledged.count >= 10 * Self.rounds)
        #expect(acknowledged.isSubset(of: titles), "\(acknowledged.subtracting(titles).count) are lost")
        // Each writer may have one more write that was committed but not acknowledged.
        #expect(titles.count <= acknowledged.count + 8 * Self.rounds)
        print("killed \(Self.rounds) times: \(acknowledged.count) acknowledged, none lost")
    }

    /// Starts the real program. Returns it and the port that it listens on.
    private static func serve(_ database: String) async throws -> (ChildProcess, Int) {
        let process = try ChildProcess(
            Programs.built("todo-server"),
            [
                "--port", "0", "--database", database, "--rate-limit", "off", "--login-rate-limit", "off",
                "--max-todos-per-user", "off",
                "--bcrypt-cost", "4", "--token-secret", "0123456789abcdef0123456789abcdef", "--log-level", "critical",
            ])
        guard let port = try await process.nextLine()?.split(separator: ":").last.flatMap({ Int($0) }) else {
            throw NeverHappened(description: "todo-server listens")
        }
        return (process, port)
    }
}
