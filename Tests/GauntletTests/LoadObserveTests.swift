import Foundation
import ScenarioRunner
import TestSupport
import Testing

/// `gauntlet load` with --observe and --serve.
@Suite(.timeLimit(.minutes(2)))
struct LoadObserveTests {
    private static let scenario = #"""
        { "name": "n", "steps": [{ "id": "read", "request": { "url": "/health" }, "expect": { "status": 200 } }] }
        """#

    private static func load(_ words: [String]) async throws -> Program.Outcome {
        try await Program.gauntlet(["load", "-", "--virtual-users", "2"] + words, input: scenario)
    }

    @Test("a load of a served command on Redis reports what a response costs")
    func served() async throws {
        try await TestServer.withRedis { redis in
            try await TemporaryDirectory.with { folder in
                let serve =
                    "exec \(try Programs.built("todo-server")) --port 0 --log-level error --bcrypt-cost 4 "
                    + "--database \(folder)/todos.sqlite --redis \(redis)"
                let outcome = try await Self.load([
                    "--serve", serve, "--observe", redis, "--duration", "2s", "--report", "json=\(folder)/load.json",
                    "text=-",
                ])
                #expect(outcome.code == 0, "\(outcome)")
                #expect(outcome.output.contains(/server +pid:\d+: \d+% of a core, .*B, \d+ descriptors/), "\(outcome)")
                #expect(outcome.output.contains("redis        \(redis): "), "\(outcome)")
                let data = try Data(contentsOf: URL(filePath: "\(folder)/load.json"))
                let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
                let observed = try #require(object["observation"] as? [String: Any])
                let costs = try #require(observed["costs"] as? [[String: Any]])
                let cpu = try #require(costs.first { $0["metric"] as? String == "cpuMs" })
                #expect((cpu["average"] as? Double ?? 0) > 0.001)
            }
        }
    }

    @Test("a source out of reach ends the load with 3, before anything is sent")
    func unreachable() async throws {
        let server = try ScriptedServer { _ in .json("{}") }
        for (source, reason) in [("pid:4194305", "no such process"), ("redis://:hunter2@127.0.0.1:1", "refused")] {
            let outcome = try await Self.load(["--base-url", server.base.text, "--observe", source])
            #expect(outcome.code == 3 && outcome.errors.contains("error: --observe: "), "\(outcome)")
            #expect(outcome.errors.contains(reason) && !outcome.errors.contains("hunter2"), "\(outcome)")
        }
        withExtendedLifetime(server) {}
    }

    @Test("an unknown kind of source is a usage error that does not repeat the value")
    func usage() async throws {
        let outcome = try await Self.load(["--base-url", "http://127.0.0.1:1", "--observe", "mysql://u:hunter2@h"])
        #expect(outcome.code == 1 && outcome.errors.contains("expected pid:NUMBER"), "\(outcome)")
        #expect(!outcome.errors.contains("hunter2"), "\(outcome)")
    }
}
