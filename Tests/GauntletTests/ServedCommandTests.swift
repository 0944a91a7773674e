import Foundation
import ScenarioRunner
import Testing
import TestSupport

/// The server and the reports when the program does not end normally.
@Suite(.timeLimit(.minutes(1)))
struct ServedCommandTests {
    private static let first =
        #"{ "name": "passes", "steps": [ { "id": "s", "request": { "url": "/person" }, "expect": { "status": 200 } } ] }"#

    /// Runs the body with two scenarios, the second of which has this step, and with the shell commands that run both
    /// and that run the first one under load.
    ///
    /// The served command writes its process ID and that of a child to files, and prints the example server's URL.
    private static func with(
        second step: String, _ body: (_ directory: String, _ run: String, _ load: String) async throws -> Void
    ) async throws {
        let server = try ExampleServer.start()
        try await TemporaryDirectory.with { directory in
            let second = #"{ "name": "waits", "steps": [ \#(step) ] }"#
            for (name, text) in [("a", first), ("b", second)] {
                try Data(text.utf8).write(to: URL(filePath: "\(directory)/\(name).json"))
            }
            let command =
                "sleep 60 & echo $! > \(directory)/child; echo $$ > \(directory)/pid; echo \(server.base.text); wait"
            let program = try Programs.built("gauntlet")
            try await body(
                directory, "'\(program)' run --jobs 1 --serve '\(command)' '\(directory)'",
                "'\(program)' load --virtual-users 1 --max-requests 4 --duration 20s --serve '\(command)' '\(directory)/a.json'"
            )
        }
        withExtendedLifetime(server) {}
    }

    /// Whether the command and its child end within 10 s.
    private static func hasEnded(in directory: String) async throws -> Bool {
        let waiting = try await Program.shell(
            """
            for file in pid child; do
              [ -s '\(directory)'/$file ] || exit 2
              for i in $(seq 200); do [ -e /proc/$(cat '\(directory)'/$file) ] || continue 2; sleep 0.05; done
              exit 1
            done
            """)
        return waiting.code == 0
    }

    @Test("a closed output pipe ends neither the run nor its reports, and the server is stopped")
    func closedPipe() async throws {
        // When the second scenario ends, `head` has read its line and exited.
        try await Self.with(second: #"{ "id": "s", "sleep": "500ms" }"#) { directory, run, _ in
            let result = try await Program.shell(
                "{ \(run) --report json=\(directory)/run.json; echo $? > '\(directory)/code'; } | head -1")
            #expect(result.output.hasPrefix("✓ passes"), "\(result)")
            #expect(result.errors.isEmpty, "\(result)")
            #expect(try String(contentsOfFile: "\(directory)/code", encoding: .utf8) == "3\n")
            let report = try String(contentsOfFile: "\(directory)/run.json", encoding: .utf8)
            let outcomes = try await Program.gauntlet("query", "$.scenarios[*].outcome", input: report)
            #expect(outcomes.output.contains(#"["passed","passed"]"#), "\(outcomes)")
            #expect(try await Self.hasEnded(in: directory))
        }
    }

    @Test("the server ends when the program is killed or crashes", arguments: ["KILL", "SEGV", "ABRT"])
    func killed(by signal: String) async throws {
        try await Self.with(second: #"{ "id": "s", "sleep": "50s" }"#) { directory, run, _ in
            // The Swift runtime's crash handler would survive a signal from outside.
            let result = try await Program.shell(
                """
                export SWIFT_BACKTRACE=enable=no
                \(run) > '\(directory)/out' & gauntlet=$!
                for i in $(seq 1000); do grep -q '✓ passes' '\(directory)/out' && break; sleep 0.05; done
                kill -\(signal) $gauntlet; wait $gauntlet
                """)
            #expect(result.code > 128, "\(result)")
            #expect(try await Self.hasEnded(in: directory))
        }
    }

    @Test("a server that ignores SIGTERM is killed after the program was killed")
    func killedWithStubbornServer() async throws {
        try await Self.with(second: #"{ "id": "s", "sleep": "50s" }"#) { directory, run, _ in
            let stubborn = run.replacing("--serve '", with: "--serve 'trap \"\" TERM; ")
            _ = try await Program.shell(
                """
                \(stubborn) > '\(directory)/out' & gauntlet=$!
                for i in $(seq 1000); do grep -q '✓ passes' '\(directory)/out' && break; sleep 0.05; done
                kill -KILL $gauntlet; wait $gauntlet
                """)
            #expect(try await Self.hasEnded(in: directory))
        }
    }

    @Test("the process that watches the server ends with the run")
    func noGuardIsLeft() async throws {
        try await Self.with(second: #"{ "id": "s", "sleep": "1ms" }"#) { directory, run, _ in
            let result = try await Program.shell(run)
            #expect(result.code == 0, "\(result)")
            let pid = try String(contentsOfFile: "\(directory)/pid", encoding: .utf8).dropLast()
            // The watching process has the watched process ID in its arguments.
            let left = try await Program.shell(
                """
                for i in $(seq 100); do grep -qzx \(pid) /proc/[0-9]*/cmdline 2>/dev/null || exit 0; sleep 0.05; done
                exit 1
                """)
            #expect(left.code == 0)
        }
    }

    @Test("if one of three reports cannot be written, the other two are", arguments: ["json", "tap", "html"])
    func unwritableReport(format: String) async throws {
        try await Self.with(second: #"{ "id": "s", "sleep": "1ms" }"#) { directory, run, _ in
            let formats = ["json", "tap", "html"]
            let words = formats.map { "\($0)=" + ($0 == format ? "/dev/full" : "\(directory)/run.\($0)") }
            let result = try await Program.shell("\(run) --report \(words.joined(separator: " "))")
            #expect(result.code == 3, "\(result)")
            #expect(result.errors.contains("cannot write the report /dev/full"), "\(result)")
            for other in formats where other != format {
                #expect(FileManager.default.fileExists(atPath: "\(directory)/run.\(other)"), "\(other)")
            }
        }
    }

    @Test("if one load report cannot be written, the other is, and load exits with 3")
    func unwritableLoadReport() async throws {
        try await Self.with(second: #"{ "id": "s", "sleep": "1ms" }"#) { directory, _, load in
            let result = try await Program.shell("\(load) --report json=/dev/full csv='\(directory)/load.csv'")
            #expect(result.code == 3, "\(result)")
            #expect(result.errors.contains("cannot write the report /dev/full"), "\(result)")
            #expect(FileManager.default.fileExists(atPath: "\(directory)/load.csv"))
            let full = try await Program.shell("\(load) --report json=- csv='\(directory)/other.csv' > /dev/full")
            #expect(full.code == 3, "\(full)")
            #expect(full.errors.contains("cannot write to standard output"), "\(full)")
            #expect(FileManager.default.fileExists(atPath: "\(directory)/other.csv"))
        }
    }
}
