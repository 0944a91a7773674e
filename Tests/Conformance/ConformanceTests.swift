import Foundation
import Report
import Scenario
import ScenarioRunner
import Testing
import TestSupport

/// Runs the suite against real servers as child processes. Every case must pass with every backend.
@Suite(.timeLimit(.minutes(5)), .serialized)
struct ConformanceTests {
    /// `CONFORMANCE_URL` names the server to test instead of `todo-server`. `CONFORMANCE_TAG=core` selects the cases with
    /// that tag. `CONFORMANCE_SECRET` and `CONFORMANCE_SECOND_URL` enable the cases that need them.
    private static let environment = ProcessInfo.processInfo.environment
    private static let url = environment["CONFORMANCE_URL"]

    @Test("todo-server satisfies the contract", .enabled(if: url == nil), arguments: Backing.allCases)
    func holds(_ backing: Backing) async throws {
        let result = try await backing.withInstances { one, other in
            await ConformanceSuite.run(
                try ConformanceSuite.cases(), against: one, secret: TestServer.tokenSecret, second: other)
        }
        // With one instance, the cases that need two are skipped.
        let notRun = result.scenarios.filter { $0.outcome == .skipped }
        #expect(notRun.allSatisfy { $0.tags.contains("two-instances") } && (backing.isPair == notRun.isEmpty))
        Self.expectNothingFailed(result)
    }

    @Test("the server at CONFORMANCE_URL satisfies the contract", .enabled(if: url != nil))
    func holdsElsewhere() async throws {
        let base = try #require(BaseURL(Self.url ?? ""), "CONFORMANCE_URL is not a valid URL")
        let tag = Self.environment["CONFORMANCE_TAG"]
        let cases = try ConformanceSuite.cases().filter { tag == nil || $0.tags.contains(tag ?? "") }
        let result = await ConformanceSuite.run(
            cases, against: base, secret: Self.environment["CONFORMANCE_SECRET"],
            second: Self.environment["CONFORMANCE_SECOND_URL"].flatMap { BaseURL($0) })
        print(RunTextReport(style: .plain).summary(result))
        Self.expectNothingFailed(result)
    }

    private static func expectNothingFailed(_ result: RunResult) {
        let report = RunTextReport(style: .plain)
        for scenario in result.scenarios where scenario.outcome > .skipped {
            Issue.record("\(report.scenario(scenario))")
        }
    }
}

/// The backends of a `todo-server`, and the number of instances.
enum Backing: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case embedded
    case redis
    /// Two instances on one Redis and one PostgreSQL.
    case twoInstances

    var testDescription: String { rawValue }
    var isPair: Bool { self == .twoInstances }

    func withInstances<Value: Sendable>(
        _ body: @Sendable (_ one: BaseURL, _ other: BaseURL?) async throws -> Value
    ) async throws -> Value {
        switch self {
        case .embedded: try await TestServer.withTodoServer(.embedded) { try await body($0, nil) }
        case .redis: try await TestServer.withTodoServer(.redis) { try await body($0, nil) }
        case .twoInstances:
            try await TestServer.withPostgreSQL { database, untilReady in
                try await TestServer.withRedis { redis in
                    let server = try TestServer.todoServer(
                        "--database \(database) \(TestServer.patient(redis))", after: untilReady)
                    return try await server.run { one in try await server.run { other in try await body(one, other) } }
                }
            }
        }
    }
}
