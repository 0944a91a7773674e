import Foundation
import Glibc
import Testing
import TestSupport

@testable import TodoServer

/// Tests the todo-server executable.
@Suite(.timeLimit(.minutes(1))) struct ProgramTests {
    private func withProgram<Value>(
        limit: Int, _ options: [String] = [], _ body: (ChildProcess, Int) async throws -> Value
    ) async throws -> Value {
        try await TemporaryDirectory.with { directory in
            let program = try Programs.built("todo-server")
            let arguments = ["--port", "0", "--log-level", "critical", "--database", directory + "/todos.sqlite"]
            let process = try ChildProcess(
                "/bin/sh", ["-c", "ulimit -Sn \(limit); exec \"$0\" \"$@\"", program] + arguments + options,
                stop: "TERM")
            defer { process.stop() }
            let port = try #require(try await process.nextLine()?.split(separator: ":").last.flatMap { Int($0) })
            return try await body(process, port)
        }
    }

    @Test("the soft limit on open files is raised to the hard limit")
    func raisesItsLimitOnOpenFiles() async throws {
        try await withProgram(limit: 256) { process, _ in
            let limits = try String(contentsOfFile: "/proc/\(process.id)/limits", encoding: .utf8)
            let line = try #require(limits.split(separator: "\n").first { $0.hasPrefix("Max open files") })
            let numbers = line.split(separator: " ").compactMap { Int($0) }
            #expect(numbers.count == 2 && numbers[0] == numbers[1] && numbers[0] > 256, "\(line)")
        }
    }

    /// Hashing at cost 12 takes 250 ms or more. Logins wait for it.
    @Test("the server listens before the first password is hashed")
    func listensBeforeTheFirstPasswordIsHashed() async throws {
        try await withProgram(limit: 256, ["--bcrypt-cost", "12"]) { _, port in
            let client = try await RawClient.connect(to: port)
            let taken = try await client.register(#"{"username":"admin","password":"a stranger"}"#)
            #expect(taken.status == 409, "the administrator's name can never be registered")
            #expect(try await client.login().status == 200)
        }
    }

    /// The kernel has accepted the connections, but the server has not when it is told to stop.
    @Test("connections in the accept queue are served on shutdown")
    func answersWhoWaitsToBeAcceptedWhenItStops() async throws {
        try await withProgram(limit: 1024) { process, port in
            process.signal(SIGSTOP)
            var clients: [RawClient] = []
            for _ in 0..<200 {
                let client = try await RawClient.connect(to: port)
                try await client.send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
                clients.append(client)
            }
            process.signal(SIGTERM)
            process.signal(SIGCONT)
            for client in clients { #expect(try await client.response().status == 200) }
        }
    }

    /// The lines that the program prints, with these options and variables as a shell takes them.
    private func output(_ options: String, environment: String = "") async throws -> [String] {
        let program = try Programs.built("todo-server")
        let command = "\(environment) \"$0\" \(options) 2>&1"
        let process = try ChildProcess("/bin/sh", ["-c", command, program], stop: "TERM")
        defer { process.stop() }
        var lines: [String] = []
        while let line = try await process.nextLine() { lines.append(line) }
        return lines
    }

    @Test("the help lists every setting with its variable and default")
    func help() async throws {
        let help = try await output("--help").joined(separator: " ").split(separator: " ").joined(separator: " ")
        for setting in Setting.all {
            #expect(help.contains("--\(setting.name) <\(setting.name)> \(setting.help)"))
        }
    }

    @Test("an option overrides its environment variable")
    func overrides() async throws {
        let lines = try await output("--port 2 --print-configuration", environment: "TODO_PORT=1 TODO_THREADS=3")
        #expect(lines.count == Setting.all.count)
        #expect(lines.contains("port = 2"))
        #expect(lines.contains("threads = 3"))
    }

    @Test(
        "an invalid setting is rejected with the name that was used",
        arguments: [
            ("", "--port http", "Error: --port: 'http' is not a whole number"),
            ("TODO_PORT=http", "", "Error: TODO_PORT: 'http' is not a whole number"),
            ("TODO_PORT=70000", "", "Error: port: must be 0 to 65535, not 70000"),
        ])
    func invalid(_ environment: String, _ options: String, _ message: String) async throws {
        #expect(try await output(options, environment: environment).first == message)
    }
}
