import Foundation
import ScenarioRunner
import Testing
import TestSupport

/// Exit codes and messages of the commands.
@Suite(.timeLimit(.minutes(1)))
struct CommandTests {
    private static let passing =
        #"{ "name": "passes", "tags": ["a"], "steps": [ { "id": "s", "request": { "url": "/person" }, "expect": { "status": 200 } } ] }"#
    private static let failing =
        #"{ "name": "fails", "tags": ["b"], "steps": [ { "id": "s", "request": { "url": "/person" }, "expect": { "status": 201 } } ] }"#

    /// Runs the body with a directory of files and an example server.
    private static func with(
        _ files: [String: String], _ body: (_ directory: String, _ url: String) async throws -> Void
    ) async throws {
        let server = try ExampleServer.start()
        try await TemporaryDirectory.with { directory in
            for (name, text) in files { try Data(text.utf8).write(to: URL(filePath: "\(directory)/\(name)")) }
            try await body(directory, server.base.text)
        }
        withExtendedLifetime(server) {}
    }

    @Test("the exit code distinguishes success, failure, refusal, invalid files and usage errors")
    func exitCodes() async throws {
        let invalid = #"{ "name": "x", "stps": [] }"#
        try await Self.with(["a.json": Self.passing, "b.json": Self.failing, "c.json": invalid]) { directory, url in
            let good = try await Program.gauntlet("run", "--base-url", url, "\(directory)/a.json")
            #expect(good.code == 0, "\(good)")
            #expect(good.output.contains("✓ passes"))
            let bad = try await Program.gauntlet(
                "run", "--base-url", url, "\(directory)/a.json", "\(directory)/b.json")
            #expect(bad.code == 4, "\(bad)")
            #expect(bad.output.contains("1 passed, 1 failed"))
            let refused = try await Program.gauntlet(
                "run", "--base-url", "http://127.0.0.1:1", "\(directory)/a.json")
            #expect(refused.code == 3, "\(refused)")
            #expect(refused.output.contains("could not connect to http://127.0.0.1:1"))
            let broken = try await Program.gauntlet("run", "--base-url", url, directory)
            #expect(broken.code == 2, "\(broken)")
            #expect(broken.errors.contains("unknown key \"stps\" in a scenario"))
            #expect(broken.output.isEmpty, "nothing is sent while a file is invalid")
            for words in [["run"], ["run", "\(directory)/a.json"], ["run", "--jbs", "1"], ["nonsense"]] {
                let wrong = try await Program.gauntlet(words)
                #expect(wrong.code == 1, "\(words): \(wrong)")
                #expect(!wrong.errors.isEmpty)
            }
        }
    }

    @Test("a missing file and a directory without scenarios are reported")
    func missing() async throws {
        try await Self.with([:]) { directory, url in
            let missing = try await Program.gauntlet("run", "--base-url", url, "\(directory)/none.json")
            #expect(missing.code == 2)
            #expect(missing.errors.contains("none.json cannot be read: there is no such file"))
            let empty = try await Program.gauntlet("validate", directory)
            #expect(empty.code == 2)
            #expect(empty.errors.contains("it contains no scenario files (*.json)"))
        }
    }

    @Test("tags select scenarios, and an unknown tag is a usage error")
    func tags() async throws {
        try await Self.with(["a.json": Self.passing, "b.json": Self.failing]) { directory, url in
            #expect(try await Program.gauntlet("run", "--base-url", url, "--tag", "a", directory).code == 0)
            #expect(try await Program.gauntlet("run", "--base-url", url, "--exclude-tag", "b", directory).code == 0)
            #expect(try await Program.gauntlet("run", "--base-url", url, "--tag", "b", directory).code == 4)
            let unknown = try await Program.gauntlet("run", "--base-url", url, "--tag", "c", directory)
            #expect(unknown.code == 1)
            #expect(unknown.errors.contains("no scenario has the tag c"))
        }
    }

    @Test("a scenario from standard input runs without --base-url if its requests have full URLs")
    func standardInput() async throws {
        try await Self.with([:]) { _, url in
            let text = Self.passing.replacing("/person", with: "\(url)/person")
            #expect(try await Program.gauntlet("validate", "-", input: text).code == 0)
            let result = try await Program.gauntlet("run", "-", input: text)
            #expect(result.code == 0, "\(result)")
            let wrong = try await Program.gauntlet("run", "-", input: "{")
            #expect(wrong.code == 2 && wrong.errors.contains("standard input:1:2"), "\(wrong)")
        }
    }

    @Test("a dry run prints the requests without sending them or revealing secrets")
    func dryRun() async throws {
        let scenario =
            #"{ "name": "n", "variables": { "p": { "value": "hunter2", "secret": true } }, "steps": [ { "id": "a", "request": { "method": "POST", "url": "/login", "form": { "p": "{{p}}" } }, "capture": { "t": { "json": "$.t" } } }, { "id": "b", "burst": { "count": 3 }, "request": { "url": "/", "bearer": "{{t}}" } } ] }"#
        try await Self.with(["a.json": scenario]) { directory, _ in
            let result = try await Program.gauntlet(
                "run", "--dry-run", "--base-url", "http://127.0.0.1:1", "\(directory)/a.json")
            #expect(result.code == 0, "\(result)")
            #expect(result.output.contains("--data-raw 'p=***' http://127.0.0.1:1/login"), "\(result.output)")
            #expect(result.output.contains("-H 'Authorization: Bearer {{t}}' http://127.0.0.1:1/"))
            #expect(!result.output.contains("hunter2"))
        }
    }

    @Test("control characters in names are escaped in terminal output", arguments: [[], ["--dry-run"]])
    func controlCharacters(_ options: [String]) async throws {
        let scenario =
            #"{ "name": "a\u001b[31m\u0007\nb", "steps": [ { "id": "s\u001b\n", "burst": { "count": 2 }, "request": { "url": "/person" }, "expect": { "status": 200 } } ] }"#
        try await Self.with(["a.json": scenario]) { directory, url in
            let result = try await Program.gauntlet(["run", "--base-url", url] + options + ["\(directory)/a.json"])
            #expect(result.code == 0, "\(result)")
            #expect(result.output.contains(#"a\u{1b}[31m\u{7}\u{a}b  "#), "\(result)")
            #expect(result.output.contains(#"s\u{1b}\u{a}"#), "\(result)")
            #expect(!result.output.unicodeScalars.contains("\u{1B}") && !result.output.unicodeScalars.contains("\u{7}"))
        }
    }

    @Test("an unreachable server is reported once and then counted")
    func refusals() async throws {
        let burst =
            #"{ "name": "bursts", "steps": [ { "id": "s", "burst": { "count": 2 }, "request": { "url": "/" } } ], "teardown": [ { "id": "t", "request": { "url": "/" } }, { "id": "u", "request": { "url": "/" } } ] }"#
        try await Self.with(["a.json": Self.passing, "b.json": burst, "c.json": Self.failing]) { directory, _ in
            let alone = try await Program.gauntlet("run", "--base-url", "http://127.0.0.1:1", "\(directory)/b.json")
            #expect(alone.output.ranges(of: "could not connect to").count == 1, "\(alone.output)")
            #expect(alone.output.contains("\n  2 more steps could not connect either\n"), "\(alone.output)")
            let result = try await Program.gauntlet("run", "--base-url", "http://127.0.0.1:1", directory)
            #expect(result.code == 3, "\(result)")
            let told = "no complete response in step \"s\": could not connect to http://127.0.0.1:1: Connection refused"
            #expect(result.output.ranges(of: told).count == 1, "\(result.output)")
            for name in ["! passes  ", "! bursts  ", "! fails  "] { #expect(result.output.contains(name)) }
            #expect(
                result.output.contains(
                    "refused     3 scenarios could not connect to http://127.0.0.1:1: Connection refused\n"))
        }
    }

    @Test("a dry run shows every data row that a run would use")
    func dryRunOfRows() async throws {
        func scenario(_ order: String) -> String {
            #"{ "name": "n", "data": { "order": "\#(order)", "rows": [{ "label": "one", "p": "a" }, { "p": "b" }] }, "steps": [ { "id": "s", "request": { "url": "/{{p}}" } } ] }"#
        }
        try await Self.with(["every.json": scenario("every"), "random.json": scenario("random")]) { directory, url in
            let every = try await Program.gauntlet("run", "--dry-run", "--base-url", url, "\(directory)/every.json")
            for part in ["n [one]  ", "\(url)/a\n", "n [row 2]  ", "\(url)/b\n"] {
                #expect(every.output.contains(part), "\(every.output)")
            }
            let random = try await Program.gauntlet("run", "--dry-run", "--base-url", url, "\(directory)/random.json")
            #expect(random.output.contains("\(url)/a\n") && !random.output.contains("\(url)/b\n"))
        }
    }

    @Test("a started server is stopped again, and one that fails to start is reported with its output")
    func serve() async throws {
        try await Self.with(["a.json": Self.passing]) { directory, _ in
            let dead = try await Program.gauntlet(
                "run", "--serve", #"printf 'no luck\033[31m\n'; exit 3"#, "\(directory)/a.json")
            #expect(dead.code == 3)
            #expect(dead.errors.contains("the server exited before it started listening"))
            #expect(dead.errors.contains(#"no luck\u{1b}[31m"#) && !dead.errors.unicodeScalars.contains("\u{1B}"))
            let program = try Programs.built("todo-server")
            let serve =
                "\(program) --port 0 --bcrypt-cost 4 --database \(directory)/d.sqlite & echo $! > \(directory)/pid; wait"
            let result = try await Program.gauntlet("run", "--serve", serve, "\(directory)/a.json")
            #expect(result.code == 4, "todo-server has no /person: \(result)")
            let pid = try String(contentsOfFile: "\(directory)/pid", encoding: .utf8).dropLast()
            #expect(!FileManager.default.fileExists(atPath: "/proc/\(pid)"), "the server is still running")
        }
    }

    @Test("a second signal ends the program and its server immediately")
    func twoSignals() async throws {
        let waiting =
            #"{ "name": "waits", "steps": [ { "id": "s", "sleep": "50s" } ], "teardown": [ { "id": "t", "sleep": "50s" } ] }"#
        try await Self.with(["a.json": Self.passing, "b.json": waiting]) { directory, url in
            let program = try Programs.built("gauntlet")
            let serve = "echo $$ > \(directory)/pid; echo \(url); exec sleep 60"
            // The second scenario runs once the first has passed. The message shows that the first signal was handled.
            let result = try await Program.shell(
                """
                '\(program)' run --jobs 1 --serve '\(serve)' '\(directory)' > '\(directory)/out' 2> '\(directory)/errors' & gauntlet=$!
                for i in $(seq 1000); do grep -q '✓ passes' '\(directory)/out' && break; sleep 0.05; done
                kill -INT $gauntlet
                for i in $(seq 1000); do grep -q 'stopping' '\(directory)/errors' && break; sleep 0.05; done
                kill -INT $gauntlet; wait $gauntlet
                """)
            #expect(result.code == 130, "\(result)")
            let pid = try String(contentsOfFile: "\(directory)/pid", encoding: .utf8).dropLast()
            let gone = try await Program.shell(
                "for i in $(seq 100); do [ -e /proc/\(pid) ] || exit 0; sleep 0.05; done; exit 1")
            #expect(gone.code == 0, "the server is still running")
        }
    }

    @Test("a run stopped during server startup exits and leaves no server behind")
    func stoppedAtStart() async throws {
        try await Self.with(["a.json": Self.passing]) { directory, _ in
            let program = try Programs.built("gauntlet")
            let result = try await Program.shell(
                """
                '\(program)' run --serve 'echo $$ > \(directory)/pid; exec sleep 60' '\(directory)/a.json' & gauntlet=$!
                for i in $(seq 1000); do [ -s '\(directory)/pid' ] && break; sleep 0.05; done
                kill -INT $gauntlet; wait $gauntlet
                """)
            #expect(result.code == 3, "\(result)")
            #expect(
                result.errors.contains("error: the run was stopped before the server started listening"), "\(result)")
            let pid = try String(contentsOfFile: "\(directory)/pid", encoding: .utf8).dropLast()
            #expect(!FileManager.default.fileExists(atPath: "/proc/\(pid)"), "the server is still running")
        }
    }

    @Test("a server that ignores SIGTERM is killed")
    func serveStubborn() async throws {
        try await Self.with(["a.json": Self.passing]) { directory, url in
            let serve = "(trap '' TERM; echo \(url); while :; do sleep 0.1; done) & echo $! > \(directory)/pid; wait"
            let result = try await Program.gauntlet("run", "--serve", serve, "\(directory)/a.json")
            #expect(result.code == 0, "\(result)")
            let pid = try String(contentsOfFile: "\(directory)/pid", encoding: .utf8).dropLast()
            #expect(!FileManager.default.fileExists(atPath: "/proc/\(pid)"), "it is still running")
        }
    }

    @Test("file names may contain spaces, percent signs and non-ASCII characters")
    func names() async throws {
        let called = #"{ "name": "called", "steps": [ { "id": "s", "request": { "url": "/person" } } ] }"#
        let scenario = #"""
            {
              "name": "reads files",
              "data": { "file": "../100% é/rows ü.csv" },
              "steps": [
                { "id": "called", "call": { "file": "called c.json" } },
                {
                  "id": "sent",
                  "request": { "url": "/echo/{{title}}", "method": "POST", "file": "body é.bin" },
                  "expect": { "status": 200, "json": { "$.body": "100%" } }
                }
              ]
            }

            """#
        let call = #"    { "id": "called", "call": { "file": "called c.json" } },\#n"#
        let server = try ExampleServer.start()
        try await TemporaryDirectory.with { parent in
            let directory = "\(parent)/100% é"
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
            let files = [
                "s é.json": scenario, "called c.json": called, "rows ü.csv": "title\na\nb\n", "body é.bin": "100%",
                "load é.json": scenario.replacing(call, with: ""),
            ]
            for (name, text) in files {
                try Data(text.utf8).write(to: URL(filePath: directory).appending(path: name))
            }
            let base = ["--base-url", server.base.text]
            let report = "\(directory)/report é.html"
            for (words, place) in [
                (["run", "--report", "html=\(report)"] + base + ["\(directory)/s é.json"], "/"),
                (["run"] + base + ["s é.json"], directory), (["run"] + base + ["./100% é/s é.json"], parent),
                (["run", "--dry-run"] + base + ["s é.json"], directory),
                (["fmt", "--check", "\(directory)/s é.json"], "/"), (["validate", "100% é"], parent),
                (["load", "--virtual-users", "1", "--duration", "100ms"] + base + ["load é.json"], directory),
            ] {
                let result = try await Program.gauntlet(words, in: place)
                #expect(result.code == 0, "\(words): \(result)")
            }
            #expect(FileManager.default.fileExists(atPath: report))
        }
        withExtendedLifetime(server) {}
    }

    @Test("a run in which nothing was checked exits with 3 and says why")
    func nothingChecked() async throws {
        let files = [
            "pass.json": Self.passing,
            "skip.json": Self.passing.replacing(#""tags""#, with: #""skip": "later", "tags""#),
            "needs.json": Self.passing.replacing(#""tags""#, with: #""requires": ["key"], "tags""#),
            "none.json": #"{ "name": "none", "steps": [ { "id": "s", "request": { "url": "/error" } } ] }"#,
        ]
        try await Self.with(files) { directory, url in
            for (names, reason) in [
                (["skip", "needs"], "nothing was checked: every scenario was skipped"),
                (["none"], "nothing was checked: no assertion was evaluated"),
                (["none", "skip"], "nothing was checked: no assertion was evaluated"),
            ] {
                let paths = names.map { "\(directory)/\($0).json" }
                let report = ["--report", "json=\(directory)/run.json"]
                let result = try await Program.gauntlet(["run", "--base-url", url] + paths + report)
                #expect(result.code == 3 && result.errors.contains(reason), "\(result)")
                let query = try await Program.gauntlet("query", "$.verdict", "\(directory)/run.json")
                #expect(query.output == "[\"undecided\"]\n", "\(query)")
            }
            let some = ["pass", "skip", "needs", "none"].map { "\(directory)/\($0).json" }
            let passed = try await Program.gauntlet(["run", "--base-url", url] + some)
            #expect(passed.code == 0 && passed.errors.isEmpty, "\(passed)")
        }
    }

    @Test("a failed assertion exits with 4 even if another scenario could not be carried out")
    func failedAndErrored() async throws {
        let unreachable = Self.passing.replacing("/person", with: "http://127.0.0.1:1/")
        try await Self.with(["a.json": Self.failing, "b.json": unreachable]) { directory, url in
            let both = try await Program.gauntlet("run", "--base-url", url, directory)
            #expect(both.code == 4, "\(both)")
            let errored = try await Program.gauntlet("run", "--base-url", url, "\(directory)/b.json")
            #expect(errored.code == 3, "\(errored)")
        }
    }

    @Test(
        "output that cannot be written is reported and exits with 3",
        arguments: [
            ["schema"], ["schema", "run-report"], ["schema", "load-report"], ["schema", "audit-report"], ["--help"],
            ["--version"],
            ["run", "--help"],
            ["query", "$", "/dev/stdin"], ["validate", "a.json"], ["fmt", "a.json"], ["run", "--dry-run", "a.json"],
        ], [">/dev/full", ">&-"])
    func lostOutput(words: [String], place: String) async throws {
        let program = try Programs.built("gauntlet")
        try await Self.with(["a.json": Self.passing]) { directory, _ in
            let quoted = words.map { "'\($0)'" }.joined(separator: " ")
            let result = try await Program.shell(
                "cd '\(directory)' && echo '{}' | '\(program)' \(quoted) \(place)")
            #expect(result.code == 3, "\(result)")
            #expect(result.errors.contains("cannot write to standard output"), "\(result)")
        }
    }

    @Test(
        "messages that cannot be written do not change the exit code",
        arguments: ["2>/dev/full", "2>&-", "2>/dev/full >/dev/full"])
    func lostMessages(place: String) async throws {
        let program = try Programs.built("gauntlet")
        try await Self.with(["a.json": Self.passing, "b.json": Self.failing, "c.json": "{"]) { directory, url in
            for (words, code) in [
                ("validate /nowhere", 2), ("validate '\(directory)/c.json'", 2), ("nonsense", 1),
                ("run --base-url \(url) '\(directory)/b.json'", 4),
                ("\(Self.short.joined(separator: " ")) --base-url \(url) '\(directory)/b.json'", 4),
            ] as [(String, Int32)] {
                let result = try await Program.shell("'\(program)' \(words) \(place)")
                #expect(result.code == code, "\(words): \(result)")
            }
        }
    }

    @Test("a closed standard output is not reused by a connection or a file")
    func closedOutput() async throws {
        let program = try Programs.built("gauntlet")
        try await Self.with(["a.json": Self.passing]) { directory, url in
            let report = "\(directory)/run.json"
            let result = try await Program.shell(
                "'\(program)' run --base-url \(url) '\(directory)/a.json' --report 'json=\(report)' >&-")
            #expect(result.code == 3, "\(result)")
            let verdict = try await Program.gauntlet("query", "$.verdict", report)
            #expect(verdict.output == "[\"passed\"]\n", "\(verdict)")
        }
    }

    @Test("fmt keeps a file's permissions and links, and its content if it cannot be written")
    func formatsInPlace() async throws {
        let program = try Programs.built("gauntlet")
        try await Self.with(["a.json": Self.passing]) { directory, _ in
            // A file-size limit of zero acts like a full disk.
            let full = try await Program.shell(
                """
                cd '\(directory)' && chmod 640 a.json && ln -s a.json link.json && cp a.json b.json
                (ulimit -f 0; exec '\(program)' fmt link.json); code=$?
                cmp a.json b.json && [ "$(ls | tr '\\n' ' ')" = 'a.json b.json link.json ' ] && exit $code
                """)
            #expect(full.code == 3, "\(full)")
            #expect(full.errors.contains("error: link.json cannot be written: File too large"), "\(full)")
            let good = try await Program.shell(
                "cd '\(directory)' && '\(program)' fmt link.json && [ -L link.json ] && stat -c %a a.json && '\(program)' fmt --check a.json"
            )
            #expect(good.code == 0 && good.output == "link.json\n640\n", "\(good)")
        }
    }

    @Test("a report that cannot be written affects neither the verdict nor other reports")
    func lostReport() async throws {
        try await Self.with(["a.json": Self.passing, "b.json": Self.failing]) { directory, url in
            for (name, code) in [("a", Int32(3)), ("b", 4)] {
                let result = try await Program.gauntlet(
                    "run", "--base-url", url, "\(directory)/\(name).json", "--report", "json=/dev/full",
                    "tap=\(directory)/\(name).tap")
                #expect(result.code == code, "\(result)")
                #expect(result.output.contains("scenarios   1 "))
                #expect(result.errors.contains("cannot write the report /dev/full"))
                #expect(FileManager.default.fileExists(atPath: "\(directory)/\(name).tap"))
            }
        }
    }

    @Test("a report on standard output is the only output there")
    func reportOnStandardOutput() async throws {
        try await Self.with(["b.json": Self.failing]) { directory, url in
            let result = try await Program.gauntlet(
                "run", "--base-url", url, "\(directory)/b.json", "--report", "json=-", in: directory)
            #expect(result.code == 4 && result.errors.isEmpty, "\(result)")
            let query = try await Program.gauntlet("query", "$.scenarios[0].outcome", input: result.output)
            #expect(query.output == "[\"failed\"]\n", "\(query)")
            #expect(!FileManager.default.fileExists(atPath: "\(directory)/-"))
        }
    }

    @Test("a text report is what the terminal shows, without the progress")
    func textReport() async throws {
        try await Self.with(["b.json": Self.failing]) { directory, url in
            let path = "\(directory)/run.txt"
            let result = try await Program.gauntlet(
                "run", "--base-url", url, "\(directory)/b.json", "--report", "text=\(path)")
            func withoutTimes(_ text: String) -> String { text.replacing(/[0-9.]+(µs|ms|s)|\([0-9]+\/s\)/, with: "") }
            #expect(withoutTimes(try String(contentsOfFile: path, encoding: .utf8)) == withoutTimes(result.output))
        }
    }

    @Test(
        "invalid option values are usage errors",
        arguments: [
            (["--dry-run", "--report", "json=x.json"], "--dry-run sends no requests to report"),
            (["--timeout", "0s"], "--timeout 0s: must be greater than zero"),
            (["--base-url", "http://user:hunter2@[bad"], "--base-url http://user:***@[bad: expected a URL"),
            (["--base-url", "http://user:hunter2@host/?q"], "--base-url http://user:***@host/?q: expected a URL"),
            (["--base-url", "http://host:99999"], "--base-url http://host:99999: expected a URL"),
        ])
    func wrongOptions(_ words: [String], _ message: String) async throws {
        try await Self.with(["a.json": Self.passing]) { directory, url in
            let result = try await Program.gauntlet(["run", "--base-url", url] + words + ["\(directory)/a.json"])
            #expect(result.code == 1, "\(result)")
            #expect(result.errors.contains(message) && !result.errors.contains("hunter2"), "\(result)")
            #expect(result.output.isEmpty)
        }
    }

    private static let short = ["load", "--virtual-users", "1", "--max-requests", "4", "--duration", "20s"]

    @Test("a threshold on one step's failures does not cover other steps")
    func thresholdsOfSteps() async throws {
        func scenario(_ thresholds: String) -> String {
            #"""
            { "name": "n", "load": { "thresholds": { \#(thresholds) } }, "steps": [
              { "id": "a", "request": { "url": "/person" }, "expect": { "status": 201 } },
              { "id": "b", "request": { "url": "/person" }, "expect": { "status": 201 } } ] }
            """#
        }
        let files = [
            "one.json": scenario(#""a.failedResponses": { "gte": 0 }"#),
            "all.json": scenario(#""failedResponses": { "gte": 0 }"#),
            "both.json": scenario(#""a.failedResponses": { "gte": 0 }, "b.failedResponses": { "gte": 0 }"#),
        ]
        try await Self.with(files) { directory, url in
            for (name, code) in [("one", Int32(4)), ("all", 0), ("both", 0)] {
                let result = try await Program.gauntlet(Self.short + ["--base-url", url, "\(directory)/\(name).json"])
                // 3 if a busy machine delayed the generator.
                #expect(result.code == code || code == 0 && result.code == 3, "\(name): \(result)")
            }
        }
    }

    @Test("load does not run a skipped scenario and says why")
    func loadThatIsNotRun() async throws {
        let files = [
            "skip.json": #"{ "name": "n", "skip": "not yet", "steps": [{ "id": "a", "request": { "url": "/" } }] }"#,
            "needs.json": #"{ "name": "n", "requires": ["who"], "steps": [{ "id": "a", "request": { "url": "/" } }] }"#,
        ]
        try await Self.with(files) { directory, url in
            for (name, reason) in [("skip", "not run: not yet"), ("needs", "not run: it needs --variable who=…")] {
                let result = try await Program.gauntlet(Self.short + ["--base-url", url, "\(directory)/\(name).json"])
                #expect(result.code == 3 && result.errors.contains(reason), "\(result)")
            }
        }
    }

    @Test("load sends the base URL's credentials as run does and never shows the password")
    func loadWithUserinfo() async throws {
        let scenario = #"""
            { "name": "n", "steps": [ { "id": "a", "request": { "url": "/echo" }, "expect": { "json": {
              "$.headers.authorization": "Basic dTpwQHc=", "$.headers.host": { "startsWith": "127.0.0.1:" } } } } ] }
            """#
        let failing = scenario.replacing("dTpwQHc", with: "eDp5")
        try await Self.with(["a.json": scenario, "b.json": failing]) { directory, url in
            let base = url.replacing("http://", with: "http://u:p%40w@")
            for words in [["run"], Self.short] {
                let result = try await Program.gauntlet(words + ["--base-url", base, "\(directory)/a.json"])
                #expect(result.code == 0 || words != ["run"] && result.code == 3, "\(result)")
                let failure = try await Program.gauntlet(words + ["--base-url", base, "\(directory)/b.json"])
                #expect(failure.code == 4, "\(failure)")
                for text in [result.output, result.errors, failure.output, failure.errors] {
                    for secret in ["p%40w", "p@w", "dTpwQHc"] { #expect(!text.contains(secret), "\(text)") }
                }
            }
        }
    }
}
