import Scenario
import ScenarioRunner
import Testing

@testable import Load

/// Compares classes with per-user and changing values with what the server really sent.
@Suite(.timeLimit(.minutes(5)))
struct VariableSimulationTests {
    /// Simulates a scenario. Each response is `{"n":N}` with status 200 + N, for a random N from 0 to 3.
    private static func simulation(_ text: String, seed: UInt64) throws -> Simulation {
        let scenario = try ScenarioReader.read(SourceFile(path: "test.json", bytes: Array(text.utf8)))
        let target = try LoadTarget(#require(BaseURL("http://127.0.0.1:80")))
        let sources = TemplateSources(environment: [:], now: { 0 }, readFile: { _ in [] })
        var simulation = Simulation(seed: seed)
        let users = (0..<simulation.settings.virtualUsers).map {
            UserVariables(["want": .number(JSONNumber(200 + $0))])
        }
        let plan = try LoadPlan(
            scenario, target: target, scope: RunScope(variables: [:], sources: sources), users: users, cookies: [],
            secrets: Secrets())
        (simulation.steps, simulation.classes, simulation.judge) = (plan.steps, plan.classes, plan.judge)
        simulation.userVariables = plan.userVariables
        simulation.settings.duration = .milliseconds(100)
        simulation.server.treat = { _, random in
            let number = Int.random(in: 0...3, using: &random)
            return .respond(
                after: UInt64.random(in: 100_000...3_000_000, using: &random), status: 200 + number,
                body: #"{"n":\#(number)}"#)
        }
        return simulation
    }

    @Test(
        "a class that compares with a user's own variable matches exactly the responses that show it",
        arguments: 0..<20 as Range<UInt64>
    )
    func ownVariables(seed: UInt64) throws {
        let run = try Self.simulation(
            """
            { "name": "own", "variables": { "want": 0 },
              "steps": [{ "id": "read", "request": { "url": "/" }, "expect": { "status": "2xx" } }],
              "load": { "classes": { "own": { "status": "{{want}}" }, "zero": { "json": { "$.n": 0 } } } } }
            """, seed: seed
        ).run()
        #expect(run.result.responses == run.answered.count && run.result.failedResponses == 0, "seed \(seed)")
        let own = run.answered.count { $0.status == 200 + $0.slot }
        #expect(run.result.count(ofClass: "own") == own, "seed \(seed)")
        #expect(run.result.count(ofClass: "zero") == run.answered.count { $0.status == 200 }, "seed \(seed)")
    }

    @Test("a class that compares with a captured value uses the latest capture", arguments: 0..<20 as Range<UInt64>)
    func recaptured(seed: UInt64) throws {
        let run = try Self.simulation(
            """
            { "name": "recaptured", "variables": { "last": 9 },
              "steps": [
                { "id": "set", "request": { "url": "/" }, "capture": { "last": { "json": "$.n" } } },
                { "id": "get", "request": { "url": "/" }, "expect": { "json": { "$.n": "{{last}}" } } }],
              "load": { "classes": { "latest": { "json": { "$.n": "{{last}}" } } } } }
            """, seed: seed
        ).run()
        // Each user alternates between the steps, so a response to "get" follows one to "set" of the same user.
        let received = Set(run.answered.map { [UInt64($0.slot), $0.sentAt] })
        var (sets, gets, equal) = (0, 0, 0)
        for exchanges in Dictionary(grouping: run.truth.exchanges, by: \.slot).values {
            for (index, exchange) in exchanges.enumerated()
            where received.contains([UInt64(exchange.slot), exchange.sentAt]) {
                guard index % 2 == 1 else {
                    sets += 1
                    continue
                }
                gets += 1
                if exchange.status == exchanges[index - 1].status { equal += 1 }
            }
        }
        let (set, get) = (run.result.steps[0], run.result.steps[1])
        #expect([set.all.count, get.all.count] == [sets, gets], "seed \(seed)")
        #expect([set.classes[0].count, get.classes[0].count] == [sets, equal], "seed \(seed)")
        #expect(get.failedResponses == gets - equal && set.failedResponses == 0, "seed \(seed)")
    }
}
