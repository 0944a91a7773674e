import Foundation
import ScenarioRunner
import Testing
import TestSupport

/// `gauntlet merge` judges the merged result as load would.
@Suite(.timeLimit(.minutes(1)))
struct LoadMergeTests {
    private static func scenario(status: Int, _ thresholds: String = "") -> String {
        #"""
        { "name": "n", "variables": { "some": 1 }, "load": { "thresholds": { \#(thresholds) } },
          "steps": [{ "id": "a \"quoted\"", "request": { "url": "/person" }, "expect": { "status": \#(status) } }] }
        """#
    }

    /// Runs a load of four requests.
    private static func load(_ scenario: String, _ server: ScriptedServer, to file: String) async throws
        -> Program.Outcome
    {
        try await Program.gauntlet(
            "load", "-", "--virtual-users", "1", "--max-requests", "4", "--duration", "20s",
            "--base-url", server.base.text, "--report", "json=\(file)", input: scenario)
    }

    /// Lengthens a result's measured time, because only runs that overlap are merged.
    private static func stretch(_ file: String, _ change: (String) -> String = { $0 }) throws {
        let text = try String(contentsOfFile: file, encoding: .utf8)
        let stretched = text.replacing(/"measuredMs": [\d.]+/, with: "\"measuredMs\": 20000")
        #expect(stretched != text)
        try Data(change(stretched).utf8).write(to: URL(filePath: file))
    }

    /// The outcome of a load, and of merging its result with another one.
    private static func codes(_ scenario: String) async throws -> (load: Program.Outcome, merge: Program.Outcome) {
        let server = try ExampleServer.start()
        defer { withExtendedLifetime(server) {} }
        return try await TemporaryDirectory.with { directory in
            let (one, other) = ("\(directory)/a.json", "\(directory)/b.json")
            let load = try await Self.load(scenario, server, to: one)
            _ = try await Self.load(scenario, server, to: other)
            try stretch(one)
            let whole = "\(directory)/whole.json"
            let merge = try await Program.gauntlet("merge", "--report", "json=\(whole)", one, other)
            #expect(FileManager.default.fileExists(atPath: whole))
            let again = try await Program.gauntlet("merge", whole)
            #expect(again.code == merge.code, "a merged result can be merged again: \(again)")
            return (load, merge)
        }
    }

    @Test(
        "merge exits with the same code as load",
        arguments: [
            (scenario(status: 201), 4), (scenario(status: 200, #""rate": { "lt": 0 }"#), 4),
            (scenario(status: 200, #""count": { "gte": 1, "lt": "{{some}}" }"#), 4),
            (scenario(status: 200, #""a \"quoted\".count": { "gte": 1 }, "errors": 0"#), 0),
            (scenario(status: 201, #""failedResponses": { "lte": 100 }"#), 0),
        ] as [(String, Int32)])
    func exitCodes(scenario: String, code: Int32) async throws {
        let (load, merge) = try await Self.codes(scenario)
        // 3 if a busy machine delayed the generator.
        #expect(load.code == code || code == 0 && load.code == 3, "\(load)")
        #expect(merge.code == load.code, "\(merge)")
    }

    @Test("merge evaluates thresholds on the merged result")
    func whole() async throws {
        let (load, merge) = try await Self.codes(Self.scenario(status: 200, #""count": { "lte": 4 }"#))
        #expect(load.code != 4, "\(load)")
        #expect(merge.code == 4 && merge.output.contains("✗ count  want ≤ 4  got 8"), "\(merge)")
    }

    @Test("a stopped run makes the merged result incomplete, and duplicate or non-overlapping runs are rejected")
    func refusals() async throws {
        let server = try ExampleServer.start()
        try await TemporaryDirectory.with { directory in
            let (one, other) = ("\(directory)/a.json", "\(directory)/b.json")
            for file in [one, other] { _ = try await Self.load(Self.scenario(status: 200), server, to: file) }
            try Self.stretch(one) { $0.replacing("\"wasInterrupted\": false", with: "\"wasInterrupted\": true") }
            let merge = try await Program.gauntlet("merge", one, other)
            #expect(merge.code == 3 && merge.output.contains("stopped early"), "\(merge)")
            let twice = try await Program.gauntlet("merge", one, other, other)
            #expect(twice.code == 2 && twice.errors.contains("b.json is included twice"), "\(twice)")
            try Self.stretch(other) { $0.replacing(/"startedAt": "..../, with: "\"startedAt\": \"2001") }
            let apart = try await Program.gauntlet("merge", one, other)
            #expect(apart.code == 2 && apart.errors.contains("b.json ended before"), "\(apart)")
        }
        withExtendedLifetime(server) {}
    }
}
