import Foundation
import ScenarioRunner
import Synchronization
import TestSupport
import Testing

/// `gauntlet run --trace`.
@Suite(.timeLimit(.minutes(1)))
struct RunTraceTests {
    private static let scenario = #"""
        { "name": "limit",
          "client": { "address": "own" },
          "setup": [{ "id": "prepare", "call": { "file": "called.json" } }],
          "steps": [
            { "id": "read", "request": { "url": "/" }, "burst": { "count": 7 },
              "expect": { "status": { "in": [200, 429] } } },
            { "id": "both", "parallel": [
              { "id": "left", "request": { "url": "/left" }, "expect": { "status": 429 } },
              { "id": "right", "request": { "url": "/right" }, "expect": { "status": 429 } } ] } ],
          "teardown": [{ "id": "last", "request": { "url": "/last" } }] }
        """#
    private static let called = #"""
        { "name": "called", "steps": [{ "id": "login", "request": { "url": "/login" } }] }
        """#

    /// Admits all but what follows the first five requests for `/`.
    private static func server() throws -> ScriptedServer {
        let count = Atomic<Int>(0)
        return try ScriptedServer(answering: { request in
            switch request.target {
            case "/login", "/last": .json("{}")
            default: count.add(1, ordering: .relaxed).newValue <= 5 ? .json("{}") : .json("{}", status: 429)
            }
        })
    }

    /// Runs the scenario, and passes the path of the trace and of its directory.
    private static func recorded(_ body: (_ trace: String, _ directory: String) async throws -> Void) async throws {
        try await TemporaryDirectory.with { directory in
            try Data(scenario.utf8).write(to: URL(filePath: directory + "/limit.json"))
            try Data(called.utf8).write(to: URL(filePath: directory + "/called.json"))
            let server = try server()
            let trace = directory + "/all.trace"
            let run = try await Program.gauntlet(
                ["run", directory + "/limit.json", "--trace", trace, "--base-url", server.base.text])
            #expect(run.code == 0, "\(run)")
            try await body(trace, directory)
        }
    }

    @Test("a run records every request of every phase, branch and called file")
    func recordsEverything() async throws {
        try await Self.recorded { trace, directory in
            let csv = directory + "/all.csv"
            let audit = try await Program.gauntlet([
                "audit", trace, "--rate-limit", "sliding-window:5/60s", "--step", "read", "--export", csv,
            ])
            #expect(audit.code == 0, "\(audit)")
            let rows = try String(contentsOfFile: csv, encoding: .utf8).split(separator: "\n").dropFirst()
                .map { $0.split(separator: ",", omittingEmptySubsequences: false) }
            #expect(
                rows.map { "\($0[0]) \($0[4])" }.sorted()
                    == ["last admitted", "left denied", "login admitted"]
                    + [String](repeating: "read admitted", count: 5) + ["read denied", "read denied", "right denied"])
            #expect(Set(rows.map { $0[1] }).count == 1)
        }
    }

    @Test("a limit that admits one more than its policy fails the audit of the run's trace")
    func failsAudit() async throws {
        try await Self.recorded { trace, _ in
            let audit = try await Program.gauntlet([
                "audit", trace, "--rate-limit", "sliding-window:4/60s", "--step", "read",
            ])
            #expect(audit.code == 4, "\(audit)")
        }
    }

    @Test("a trace file that cannot be created is reported before any request is sent")
    func cannotCreate() async throws {
        let count = Atomic<Int>(0)
        let server = try ScriptedServer(answering: { _ in
            count.add(1, ordering: .relaxed)
            return .json("{}")
        })
        let outcome = try await Program.gauntlet(
            ["run", "-", "--trace", "/nowhere/all.trace", "--base-url", server.base.text],
            input: #"{ "name": "one", "steps": [{ "id": "read", "request": { "url": "/" } }] }"#)
        #expect(outcome.code == 3, "\(outcome)")
        #expect(outcome.errors.contains("/nowhere/all.trace"), "\(outcome)")
        #expect(count.load(ordering: .relaxed) == 0)
    }

    @Test("a trace file on a full disk makes the exit code 3, and the result is shown")
    func fullDisk() async throws {
        let server = try ScriptedServer(answering: { _ in .json("{}") })
        let outcome = try await Program.gauntlet(
            ["run", "-", "--trace", "/dev/full", "--base-url", server.base.text],
            input: #"{ "name": "one", "steps": [{ "id": "read", "request": { "url": "/" } }] }"#)
        #expect(outcome.code == 3, "\(outcome)")
        #expect(outcome.errors.contains("/dev/full"), "\(outcome)")
    }
}
