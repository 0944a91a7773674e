import Foundation
import ScenarioRunner
import Synchronization
import Testing
import TestSupport

/// Setup and teardown around a load.
@Suite(.timeLimit(.minutes(1)))
struct LoadPhaseTests {
    /// Records all targets, and responds 404 to `/bad…` and 200 to the rest.
    private final class Asked: Sendable {
        let targets = Mutex<[String]>([])

        func start() throws -> ScriptedServer {
            try ScriptedServer { request in
                self.targets.withLock { $0.append(request.target) }
                return .json("{}", status: request.target.hasPrefix("/bad") ? 404 : 200)
            }
        }

        func count(_ prefix: String) -> Int { targets.withLock { $0.count { $0.hasPrefix(prefix) } } }
    }

    private static func step(_ id: String, _ url: String) -> String {
        #"{ "id": "\#(id)", "request": { "url": "\#(url)" }, "expect": { "status": 200 } }"#
    }

    private static func scenario(setup: [String], teardown: [String], load: String = "{}") -> String {
        #"""
        { "name": "n", "setup": [\#(setup.joined(separator: ","))], "steps": [\#(step("s", "/step"))],
          "teardown": [\#(teardown.joined(separator: ","))], "load": \#(load) }
        """#
    }

    private static func load(_ scenario: String, _ words: [String] = []) async throws -> (Program.Outcome, Asked) {
        let asked = Asked()
        let server = try asked.start()
        let all = ["load", "-", "--virtual-users", "3", "--duration", "100ms", "--base-url", server.base.text] + words
        let outcome = try await Program.gauntlet(all, input: scenario)
        withExtendedLifetime(server) {}
        return (outcome, asked)
    }

    @Test("a failed setup is followed by the whole teardown, and no load runs")
    func failedSetup() async throws {
        let scenario = Self.scenario(
            setup: [Self.step("a", "/bad/setup")],
            teardown: [Self.step("b", "/bad/teardown"), Self.step("c", "/teardown")])
        let (outcome, asked) = try await Self.load(scenario)
        #expect(outcome.code == 4, "\(outcome)")
        #expect(asked.targets.withLock { $0 } == ["/bad/setup", "/bad/teardown", "/teardown"])
        #expect(outcome.errors.contains("status is not as expected in step \"a\""), "\(outcome)")
        #expect(outcome.errors.contains("status is not as expected in step \"b\""), "\(outcome)")
    }

    @Test("every user whose setup started is torn down, even if another user's teardown fails")
    func users() async throws {
        for (setup, teardown) in [("/setup", "/bad/teardown"), ("/bad/setup", "/teardown")] {
            let scenario = Self.scenario(
                setup: [Self.step("a", setup)], teardown: [Self.step("b", "\(teardown)/{{virtualUser()}}")],
                load: #"{ "setup": "perUser" }"#)
            let (outcome, asked) = try await Self.load(scenario)
            #expect(outcome.code == 4, "\(outcome)")
            #expect(asked.count(setup) > 0 && asked.count(teardown) == asked.count(setup), "\(asked)")
        }
    }

    @Test("a failed teardown does not discard the result")
    func failedTeardown() async throws {
        try await TemporaryDirectory.with { directory in
            let scenario = Self.scenario(setup: [], teardown: [Self.step("b", "/bad")])
            let (outcome, _) = try await Self.load(scenario, ["--report", "csv=\(directory)/result.csv"])
            #expect(outcome.code == 4, "\(outcome)")
            #expect(outcome.errors.contains("status is not as expected in step \"b\""), "\(outcome)")
            #expect(FileManager.default.fileExists(atPath: "\(directory)/result.csv"))
        }
    }

    @Test("a signal during setup runs teardown, and no load runs")
    func stoppedSetup() async throws {
        let scenario = Self.scenario(
            setup: [Self.step("a", "/setup"), #"{ "id": "wait", "sleep": "10m" }"#], teardown: [Self.step("c", "/end")])
        let asked = Asked()
        let server = try asked.start()
        try await TemporaryDirectory.with { directory in
            try Data(scenario.utf8).write(to: URL(filePath: "\(directory)/a.json"))
            let program = try Programs.built("gauntlet")
            async let ended = Program.shell(
                """
                '\(program)' load --base-url \(server.base.text) '\(directory)/a.json' & gauntlet=$!
                echo $gauntlet > '\(directory)/pid'; wait $gauntlet
                """)
            while asked.count("/setup") == 0 { try await Task.sleep(for: .milliseconds(10)) }
            let pid = try #require(Int32(try String(contentsOfFile: "\(directory)/pid", encoding: .utf8).dropLast()))
            kill(pid, SIGINT)
            let outcome = try await ended
            #expect(outcome.code == 3, "\(outcome)")
            #expect(asked.targets.withLock { $0 } == ["/setup", "/end"])
        }
        withExtendedLifetime(server) {}
    }
}
