import Testing

@testable import Load

@Suite("Simulated runs", .timeLimit(.minutes(1)))
struct SimulationTests {
    static let seeds: Range<UInt64> = 0..<100

    /// A server with random service times and a random limit, a random load of the closed model.
    private static func closed(_ seed: UInt64) -> Simulation {
        var random = SplitMix64(seed: seed)
        var simulation = Simulation(seed: seed)
        simulation.settings.virtualUsers = Int.random(in: 1...16, using: &random)
        simulation.settings.duration = .milliseconds(Int.random(in: 20...300, using: &random))
        if Bool.random(using: &random) { simulation.settings.warmUp = .milliseconds(50) }
        simulation.server.concurrency = Int.random(in: 1...8, using: &random)
        simulation.server.treat = { _, random in
            .respond(
                after: UInt64.random(in: 100_000...10_000_000, using: &random),
                status: Bool.random(using: &random) ? 200 : 404, pieces: Int.random(in: 1...3, using: &random),
                every: 30_000)
        }
        return simulation
    }

    @Test("the closed model's counts and times are those of the simulated server", arguments: seeds)
    func closedModel(seed: UInt64) {
        let run = Self.closed(seed).run()
        let received = run.received
        #expect(run.result.responses == received.count, "seed \(seed)")
        #expect(run.result.errors == 0, "seed \(seed)")
        #expect(
            run.result.steps[0].statuses == Dictionary(grouping: received) { $0.status ?? 0 }.mapValues(\.count),
            "seed \(seed)")
        SimulatedTruth.expect(
            run.result.steps[0].all.serviceTime, holds: received.map { $0.receivedAt! - $0.sentAt },
            "service time, seed \(seed)")
    }

    @Test("the same seed gives the same run")
    func isDeterministic() {
        let (one, other) = (Self.closed(7).run(), Self.closed(7).run())
        #expect(one.result == other.result)
        #expect(one.result != Self.closed(8).run().result)
    }
}
