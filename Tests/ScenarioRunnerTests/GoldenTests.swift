import Foundation
import Report
import Scenario
import ScenarioRunner
import Synchronization
import Testing
import TestSupport

/// The exact text of diagnostics and failure reports.
@Suite(.timeLimit(.minutes(1)))
struct GoldenTests {
    @Test("an invalid file matches its golden text", arguments: try Golden.files(below: "Scenarios/failing/invalid"))
    func invalid(_ path: String) throws {
        let text =
            try Self.diagnostics(of: path).map(DiagnosticRenderer(style: .plain).render)
            .joined(separator: "\n\n") + "\n"
        #expect(try Golden.expected(at: Self.golden(of: path), for: text) == text)
    }

    @Test("a failing run matches its golden text", arguments: try Golden.files(below: "Scenarios/failing/run"))
    func failing(_ path: String) async throws {
        let result = try await Self.run(path)
        #expect(result.scenarios.map(\.outcome).max() ?? .passed > .skipped)
        let report = RunTextReport(style: .plain)
        let text = Self.stable(result.scenarios.map(report.scenario).joined(separator: "\n") + "\n", result)
        #expect(try Golden.expected(at: Self.golden(of: path), for: text) == text)
    }

    @Test("every diagnostic code occurs in a golden file")
    func everyKind() async throws {
        var codes = Set(try Golden.files(below: "Scenarios/failing/invalid").flatMap(Self.diagnostics).map(\.code))
        for path in try Golden.files(below: "Scenarios/failing/run") {
            codes.formUnion(try await Self.run(path).scenarios.flatMap(\.failures).map(\.diagnostic.code))
        }
        // Only load reports unsupported features; its own tests cover that.
        #expect(codes == Set(Diagnostic.Code.allCases).subtracting([.unsupported]))
    }

    private static func diagnostics(of path: String) throws -> [Diagnostic] {
        do {
            _ = try ScenarioFixture.read(path)
            return []
        } catch let error as InvalidFile {
            return error.diagnostics
        }
    }

    private static func run(_ path: String) async throws -> RunResult {
        var scenario = try ScenarioFixture.read(path)
        scenario.file = SourceFile(path: path, bytes: scenario.file.bytes)
        let server = try ExampleServer.start()
        var runner = ScenarioRunner(base: server.base)
        if path.hasSuffix("interrupted.json") { runner.timeout = .milliseconds(20) }
        defer { withExtendedLifetime(server) {} }
        return await runner.run([scenario])
    }

    private static func golden(of path: String) -> String { path.dropLast(".json".count) + ".txt" }

    /// The text with the parts that vary between runs replaced.
    private static func stable(_ text: String, _ result: RunResult) -> String {
        text.replacing(result.base.dropFirst("http://".count), with: "SERVER")
            .replacing(#/\d+ requests? · [\d.]+(ns|µs|ms|s)/#, with: "N requests · TIME")
    }
}
