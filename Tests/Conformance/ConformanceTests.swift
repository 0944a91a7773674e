import Foundation
import Report
import Scenario
import ScenarioRunner
import Testing
import TestSupport

/// The real server, as a child, held against every scenario of the contract.
@Suite(.timeLimit(.minutes(2)))
struct ConformanceTests {
    @Test("a scenario holds", arguments: TestServer.Backend.allCases, try ConformanceScenarios.paths())
    func holds(_ backend: TestServer.Backend, _ path: String) async throws {
        let scenario = try ConformanceScenarios.read(path)
        let result = try await TestServer.withTodoServer(backend) { base in
            await ScenarioRunner(base: base).run([scenario])
        }
        let report = RunTextReport(style: .plain)
        #expect(result.scenarios.map(\.outcome) == [.passed], "\(result.scenarios.map(report.scenario).joined())")
    }

    @Test("all scenarios hold side by side on one server", arguments: TestServer.Backend.allCases)
    func holdTogether(_ backend: TestServer.Backend) async throws {
        let scenarios = try ConformanceScenarios.paths().map(ConformanceScenarios.read)
        let result = try await TestServer.withTodoServer(backend) { base in
            var runner = ScenarioRunner(base: base)
            runner.jobs = 8
            return await runner.run(scenarios)
        }
        let report = RunTextReport(style: .plain)
        #expect(
            result.scenarios.map(\.outcome) == scenarios.map { _ in .passed },
            "\(result.scenarios.map(report.scenario).joined(separator: "\n"))")
    }
}

/// The scenarios of this repository.
enum ConformanceScenarios {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Scenarios/conformance").standardizedFileURL

    static func paths() throws -> [String] {
        let found = FileManager.default.enumerator(atPath: root.path())?.compactMap { $0 as? String } ?? []
        let paths = found.filter { $0.hasSuffix(".json") }.sorted()
        guard !paths.isEmpty else { throw CocoaError(.fileNoSuchFile) }
        return paths
    }

    static func read(_ path: String) throws -> Scenario {
        let bytes = Array(try Data(contentsOf: root.appending(path: path)))
        return try ScenarioReader.read(SourceFile(path: path, bytes: bytes))
    }
}
