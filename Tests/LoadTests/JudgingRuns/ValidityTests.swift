import Scenario
import Testing

@testable import Load

/// Whether the generator produced the requested load, and which figures its lag may affect, in simulated time.
@Suite(.timeLimit(.minutes(1)))
struct ValidityTests {
    /// 4,000 requests to a server that takes a millisecond.
    private static func simulation(seed: UInt64 = 1) -> Simulation {
        var simulation = Simulation(seed: seed)
        simulation.open(rate: 200)
        simulation.settings.virtualUsers = 100
        simulation.settings.duration = .seconds(20)
        return simulation
    }

    private static func isMarked(_ percentile: Double, _ run: SimulatedRun) -> Bool {
        run.result.steps[0].samples(of: .response).figure(.percentile(percentile)).isMarked
    }

    @Test("a punctual generator produces the load and marks no figure")
    func punctual() {
        let run = Self.simulation().run()
        #expect(run.result.invalidities() == [] && run.result.bunchedArrivals == 0)
        #expect(Percentile.reported.allSatisfy { !Self.isMarked($0, run) })
        #expect(run.result.seconds.map(\.begun) == Array(repeating: 200, count: 20))
    }

    @Test("a generator stall of 150 ms marks only the percentiles that it affects")
    func stall() {
        var simulation = Self.simulation()
        simulation.generator.stalls = [5_200_000_000..<5_350_000_000]
        let run = simulation.run()
        // 30 of 4,000 requests are late.
        #expect(Self.isMarked(99.9, run) && !Self.isMarked(99, run) && !Self.isMarked(50, run))
        #expect(run.result.invalidities() == [], "the load of that second was produced")
        #expect((25...31).contains(run.result.bunchedArrivals))
    }

    @Test("a generator stall across the end of a second moves its load into the next")
    func loadNotMade() {
        var simulation = Self.simulation()
        simulation.generator.stalls = [5_900_000_000..<6_050_000_000]
        let run = simulation.run()
        guard case .loadNotMade(let second, 2)? = run.result.invalidities().first else {
            Issue.record("\(run.result.invalidities())")
            return
        }
        #expect(second.second == 5 && second.offered == 200 && (178...182).contains(second.begun))
    }

    @Test("a lag of 200 µs marks p50 but leaves a threshold of 50 ms decided")
    func smallLag() throws {
        var simulation = Self.simulation()
        simulation.generator.wakeup = 200_000
        let result = simulation.run().result
        #expect(result.invalidities() == [])
        #expect(result.steps[0].samples(of: .response).figure(.percentile(50)).isMarked)
        func outcome(_ matcher: String) throws -> EvaluatedThreshold {
            try ThresholdTests.outcome("read.p99", matcher, of: result)
        }
        let upper = try outcome(#"{ "lt": "50ms" }"#)
        #expect(upper.passed && result.invalidities([upper]) == [])
        #expect(EvaluatedLoad(result, thresholds: [upper]).verdict == .passed)
        let lower = try outcome(#"{ "gt": "1.3ms" }"#)
        #expect(lower.verdict == .undecided(.generator))
        #expect(result.invalidities([lower]) == [.noThresholdLeft])
        #expect(result.invalidities([lower, upper]) == [])
    }

    @Test("arrivals without a free virtual user make the run invalid, however well the server responds")
    func outOfUsers() {
        var simulation = Self.simulation()
        simulation.settings.virtualUsers = 1
        simulation.server.treat = { _, _ in .respond(after: 20_000_000) }
        let result = simulation.run().result
        #expect(result.invalidities().count == 1)
        guard case .outOfUsers(let arrivals, users: 1)? = result.invalidities().first else {
            Issue.record("\(result.invalidities())")
            return
        }
        #expect(arrivals > 3000)
    }

    @Test("a closed-model run stays valid despite a generator stall")
    func closed() {
        var simulation = Simulation(seed: 1)
        simulation.generator.stalls = [200_000_000..<350_000_000]
        #expect(simulation.run().result.invalidities() == [])
    }
}
