import Foundation
import Glibc
import Testing

@testable import TodoServer

/// Tests the todo-server executable.
@Suite(.timeLimit(.minutes(1))) struct ProgramTests {
    private func withProgram<Value>(
        limit: Int, _ options: [String] = [], _ body: (ChildProcess, Int) async throws -> Value
    ) async throws -> Value {
        try await withTemporaryDirectory { directory in
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

    @Test("help, environment variables and docs/server.md list the same options")
    func options() async throws {
        let program = try Programs.built("todo-server")
        let process = try ChildProcess("/bin/sh", ["-c", "\"$0\" --help", program], stop: "TERM")
        defer { process.stop() }
        var help = ""
        while let line = try await process.nextLine() { help += line + "\n" }
        // An option's line starts with its name. Mentions in wrapped help text are indented further.
        let flags = Set(help.matches(of: /(?m)^  --([a-z-]+)/).map { String($0.output.1) })
            .subtracting(["help", "version", "print-configuration"])
        #expect(flags.count > 20)
        let root = URL(filePath: #filePath).appending(path: "../../..").standardized
        let document = try String(contentsOf: root.appending(path: "docs/server.md"), encoding: .utf8)
        let rows = document.matches(of: /(?m)^\| `--([a-z-]+)` \| `TODO_([A-Z_]+)` \|/)
        #expect(Set(rows.map { String($0.output.1) }) == flags)
        for row in rows {
            let variable = row.output.1.uppercased().replacing("-", with: "_")
            #expect(row.output.2 == variable)
            #expect(help.contains("TODO_\(variable)"), "\(variable)")
        }
    }
}
