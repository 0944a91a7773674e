import Foundation
import Glibc
import Synchronization
import TestSupport

@testable import TodoServer

/// A PostgreSQL server for tests, with default durability: on loopback with a password, and on a Unix socket without.
final class TestPostgreSQL: Sendable {
    /// The server that the tests share, started on first use. Each test has its own database in it.
    private static let shared = Task { try await TestPostgreSQL() }

    let port: Int
    /// The directory of the data files and the socket.
    let directory: String
    private let process: Mutex<ChildProcess>

    private init() async throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "postgresql-\(UUID().uuidString)").path
        port = try freePort()
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
        try Self.giveToPostgres(directory)
        let password = directory + "/password"
        try "a pass/word\n".write(toFile: password, atomically: true, encoding: .utf8)
        try Self.giveToPostgres(password)
        let (program, arguments) = try Self.asPostgres(
            "initdb",
            [
                "--pgdata", directory + "/data", "--username", "tester", "--pwfile", password, "--auth-local", "trust",
                "--auth-host", "scram-sha-256", "--encoding", "UTF8", "--locale", "C", "--no-sync",
            ])
        try await run(program, arguments)
        process = Mutex(try Self.launch(directory, port))
        try await waitUntilItAccepts()
    }

    /// PostgreSQL refuses to run as root.
    private static func asPostgres(_ name: String, _ arguments: [String]) throws -> (String, [String]) {
        let program = try Programs.postgreSQL(name)
        guard getuid() == 0 else { return (program, arguments) }
        let options = ["--reuid=postgres", "--regid=postgres", "--clear-groups", "--", program]
        return (try Programs.installed("setpriv", package: "util-linux"), options + arguments)
    }

    private static func giveToPostgres(_ path: String) throws {
        guard getuid() == 0, let user = getpwnam("postgres") else { return }
        guard chown(path, user.pointee.pw_uid, user.pointee.pw_gid) == 0 else {
            throw SpawnFailure(description: "cannot change the owner of \(path) to postgres")
        }
    }

    private static func launch(_ directory: String, _ port: Int) throws -> ChildProcess {
        let (program, arguments) = try asPostgres(
            "postgres",
            [
                "-D", directory + "/data", "-p", "\(port)", "-k", directory, "-c", "listen_addresses=127.0.0.1",
                "-c", "max_connections=200", "-c", "shared_buffers=32MB",
            ])
        return try ChildProcess(program, arguments, stop: "INT", remains: directory)
    }

    private func waitUntilItAccepts() async throws {
        let program = try Programs.postgreSQL("pg_isready")
        try await waitUntil("PostgreSQL accepts connections") {
            (try? await run(program, ["-h", directory, "-p", "\(port)", "-q"])) != nil
        }
    }

    /// Stops all of its processes without a clean shutdown, and starts it again.
    func crash() async throws {
        process.withLock { $0.signal(SIGQUIT) }
        try await restart {}
    }

    /// Stops it, cancelling statements in progress, and starts it again.
    func restart(whileDown body: () async throws -> Void) async throws {
        try await stopProcess()
        try await body()
        let next = try Self.launch(directory, port)
        process.withLock { $0 = next }
        try await waitUntilItAccepts()
    }

    private func stopProcess() async throws {
        let process = process.withLock { $0 }
        try await blocking { process.stop() }
    }

    /// Runs a server for one test while a closure runs.
    static func with<Value>(_ body: (TestPostgreSQL) async throws -> Value) async throws -> Value {
        let postgreSQL = try await TestPostgreSQL()
        let result: Result<Value, any Error>
        do {
            result = .success(try await body(postgreSQL))
        } catch {
            result = .failure(error)
        }
        try await postgreSQL.stopProcess()
        try? FileManager.default.removeItem(atPath: postgreSQL.directory)
        return try result.get()
    }

    enum Way: CaseIterable, Sendable {
        case loopback, unixSocket
    }

    /// Creates an empty database.
    func newDatabase(by way: Way = .loopback, encoding: String = "UTF8") async throws -> PostgreSQLURL {
        let name = "test_\(UInt64.random(in: .min ... .max))"
        try await run(
            Programs.postgreSQL("createdb"),
            [
                "-h", directory, "-p", "\(port)", "-U", "tester", "--encoding", encoding, "--locale", "C",
                "--template", "template0", name,
            ])
        return try PostgreSQLURL(
            parsing: way == .loopback
                ? "postgres://tester:a%20pass%2Fword@127.0.0.1:\(port)/\(name)"
                : "postgres://tester@/\(name)?host=\(directory)&port=\(port)")
    }

    /// Creates an empty database in the server that the tests share.
    static func newDatabase(by way: Way = .loopback, encoding: String = "UTF8") async throws -> PostgreSQLURL {
        try await shared.value.newDatabase(by: way, encoding: encoding)
    }
}
