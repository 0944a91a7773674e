import Foundation
import Report
import Scenario
import ScenarioRunner
import Testing
import TestSupport

@Suite(.timeLimit(.minutes(1)))
struct ExampleTests {
    @Test("every example passes, or is skipped if it says so", arguments: try Golden.files(below: "Scenarios/examples"))
    func example(_ path: String) async throws {
        let scenario = try ScenarioFixture.read(path)
        let server = try ExampleServer.start()
        let result = await ScenarioRunner(base: server.base).run([scenario])
        withExtendedLifetime(server) {}
        let report = RunTextReport(style: .plain)
        let expected: Outcome = scenario.skipReason == nil && scenario.requires.isEmpty ? .passed : .skipped
        #expect(
            result.scenarios.allSatisfy { $0.outcome == expected }, "\(result.scenarios.map(report.scenario).joined())")
    }

    @Test("every key, matcher and function of the language has an example")
    func coverage() throws {
        let texts = try Golden.files(below: "Scenarios/examples").map {
            try String(decoding: Golden.read($0), as: UTF8.self)
        }
        let all = texts.joined()
        // These need a proxy, a socket or certificates, so an example with them would not run everywhere.
        let exceptions: Set = ["proxy", "unixSocket", "tls", "caFile", "certificate", "key", "insecure", "description"]
        for name in ScenarioVocabulary.keys.subtracting(exceptions) {
            #expect(all.contains("\"\(name)\""), "no example has the key \(name)")
        }
        for name in MatcherOperator.allCases.map(\.rawValue) {
            #expect(all.contains("\"\(name)\":"), "no example has the matcher \(name)")
        }
        for name in TemplateFunction.allCases.map(\.rawValue) {
            #expect(all.contains("\(name)("), "no example calls \(name)()")
        }
    }
}

/// Reads scenarios of this repository and the files that they name.
enum ScenarioFixture {
    static func read(_ path: String) throws -> Scenario {
        let sources = ScenarioReader.Sources { path, from in
            var parts = from.path.split(separator: "/").dropLast()
            for part in path.split(separator: "/") {
                if part == ".." { parts.removeLast() } else { parts.append(part) }
            }
            let whole = parts.joined(separator: "/")
            return SourceFile(path: whole, bytes: try Golden.read(whole))
        }
        var scenario = try ScenarioReader.read(SourceFile(path: path, bytes: Golden.read(path)), sources: sources)
        // Request files are resolved relative to the scenario's directory.
        scenario.file = SourceFile(path: Golden.root.appending(path: path).path(), bytes: scenario.file.bytes)
        return scenario
    }
}
