import Scenario
import ScenarioRunner
import TestSupport

/// Runs scenarios from a test's text against a scripted server.
enum RunnerFixture {
    static func run(
        _ steps: String, head: String = "", against server: ScriptedServer,
        _ change: (inout ScenarioRunner) -> Void = { _ in },
        files: [String: String] = [:]
    ) async throws -> RunResult {
        let scenario = try read("{ \"name\": \"test\", \(head) \"steps\": [ \(steps) ] }", files: files)
        var runner = ScenarioRunner(base: server.base)
        change(&runner)
        // The server runs only while it is referenced.
        defer { withExtendedLifetime(server) {} }
        return await runner.run([scenario])
    }

    static func read(_ text: String, files: [String: String] = [:]) throws(InvalidFile) -> Scenario {
        let sources = ScenarioReader.Sources { path, _ in
            guard let text = files[path] else { throw Missing() }
            return SourceFile(path: path, bytes: Array(text.utf8))
        }
        return try ScenarioReader.read(SourceFile(path: "test.json", bytes: Array(text.utf8)), sources: sources)
    }

    private struct Missing: Error, CustomStringConvertible {
        let description = "there is no such file"
    }
}

extension RunResult {
    var only: ScenarioResult { scenarios[0] }
    var messages: [String] { scenarios.flatMap(\.failures).map(\.diagnostic.message) }
}
