import Foundation
import ScenarioRunner
import Testing
import TestSupport

/// `gauntlet merge` judges what it merges as load does.
@Suite(.timeLimit(.minutes(1)))
struct LoadMergeTests {
    private static func scenario(status: Int, _ thresholds: String = "") -> String {
        #"""
        { "name": "n", "variables": { "some": 1 }, "load": { "thresholds": { \#(thresholds) } },
          "steps": [{ "id": "a \"quoted\"", "request": { "url": "/person" }, "expect": { "status": \#(status) } }] }
        """#
    }

    /// The exit codes of a load, and of its result merged with itself.
    private static func codes(_ scenario: String) async throws -> (load: Program.Outcome, merge: Program.Outcome) {
        let server = try ExampleServer.start()
        defer { withExtendedLifetime(server) {} }
        return try await TemporaryDirectory.with { directory in
            let file = "\(directory)/a.json"
            let load = try await Program.gauntlet(
                "load", "-", "--virtual-users", "1", "--max-requests", "4", "--duration", "20s", "--json", file,
                "--base-url", server.base.text, input: scenario)
            let whole = "\(directory)/whole.json"
            let merge = try await Program.gauntlet("merge", file, file, "--json", whole)
            #expect(FileManager.default.fileExists(atPath: whole))
            let again = try await Program.gauntlet("merge", whole)
            #expect(again.code == merge.code, "what is merged can be merged: \(again)")
            return (load, merge)
        }
    }

    @Test(
        "the exit code is load's",
        arguments: [
            (scenario(status: 201), 4), (scenario(status: 200, #""rate": { "lt": 0 }"#), 4),
            (scenario(status: 200, #""count": { "gte": 1, "lt": "{{some}}" }"#), 4),
            (scenario(status: 200, #""a \"quoted\".count": { "gte": 1 }, "errors": 0"#), 0),
            (scenario(status: 201, #""failures": { "lte": 100 }"#), 0),
        ] as [(String, Int32)])
    func exitCodes(scenario: String, code: Int32) async throws {
        let (load, merge) = try await Self.codes(scenario)
        // 3 where a busy machine held up the generator.
        #expect(load.code == code || code == 0 && load.code == 3, "\(load)")
        #expect(merge.code == load.code, "\(merge)")
    }

    @Test("thresholds hold of the whole, not of its parts")
    func whole() async throws {
        let (load, merge) = try await Self.codes(Self.scenario(status: 200, #""count": { "lte": 4 }"#))
        #expect(load.code != 4, "\(load)")
        #expect(merge.code == 4 && merge.output.contains("✗ count  \"lte\": 4  8"), "\(merge)")
    }

    @Test("what was invalid, or stopped, is so as a part")
    func invalid() async throws {
        let server = try ExampleServer.start()
        try await TemporaryDirectory.with { directory in
            let file = "\(directory)/a.json"
            _ = try await Program.gauntlet(
                "load", "-", "--virtual-users", "1", "--duration", "50ms", "--json", file, "--base-url",
                server.base.text, input: Self.scenario(status: 200))
            let text = try String(contentsOfFile: file, encoding: .utf8)
            let stopped = text.replacing("\"wasInterrupted\" : false", with: "\"wasInterrupted\" : true")
            #expect(stopped != text)
            try Data(stopped.utf8).write(to: URL(filePath: "\(directory)/b.json"))
            let merge = try await Program.gauntlet("merge", file, "\(directory)/b.json")
            #expect(merge.code == 3 && !merge.errors.contains("warning"), "\(merge)")
            let earlier = text.replacing(/"startedAt" : "..../, with: "\"startedAt\" : \"2001")
            try Data(earlier.utf8).write(to: URL(filePath: "\(directory)/c.json"))
            let apart = try await Program.gauntlet("merge", file, "\(directory)/c.json")
            #expect(apart.errors.contains("c.json was not made at the time of"), "\(apart)")
        }
        withExtendedLifetime(server) {}
    }
}
