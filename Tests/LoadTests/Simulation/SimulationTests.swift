import Histogram
import Testing

@testable import Load

@Suite(.timeLimit(.minutes(5)))
struct SimulationTests {
    static let seeds: Range<UInt64> = 0..<40

    @Test(
        "the closed model's counts, rates, times, lag and seconds match the simulated server's", arguments: seeds)
    func closedModel(seed: UInt64) {
        let run = Simulation.random(seed).run()
        run.expectTruth("seed \(seed)")
        #expect(run.result.unfinished[.waitingForUser] == nil, "seed \(seed)")
    }

    @Test("the open model's counts, rates, times, lag and seconds match the simulated server's", arguments: seeds)
    func openModel(seed: UInt64) {
        var simulation = Simulation.random(seed)
        simulation.settings.virtualUsers *= 20
        simulation.settings.warmUp = .zero
        let rate = Double(50 + seed * 5)
        simulation.open(rate: rate)
        simulation.run().expectTruth(rate: rate, "seed \(seed)")
    }

    @Test("under faults, each arrival is counted exactly once: as a response, an error or unfinished", arguments: seeds)
    func faults(seed: UInt64) {
        var simulation = Simulation.random(seed)
        simulation.makeFaulty()
        simulation.settings.grace = .milliseconds(Int(seed % 5) * 100)
        simulation.open(rate: 200, distribution: .poisson)
        simulation.run().expectConservation("seed \(seed)")
    }

    @Test("the figures of many short runs match the simulated server's", arguments: 0..<20 as Range<UInt64>)
    func shortRuns(batch: UInt64) {
        for seed in batch * 100..<(batch + 1) * 100 {
            var simulation = Simulation.random(seed, milliseconds: 10...60)
            simulation.shrink()
            switch seed % 3 {
            case 0: simulation.run().expectTruth("seed \(seed)")
            case 1:
                let rate = Double(100 + seed % 10 * 100)
                simulation.settings.virtualUsers *= 4
                simulation.settings.warmUp = .zero
                simulation.open(rate: rate)
                simulation.run().expectTruth(rate: rate, "seed \(seed)")
            default:
                simulation.makeFaulty()
                simulation.settings.grace = .milliseconds(Int(seed % 5) * 5)
                simulation.open(rate: Double(100 + seed % 10 * 100), distribution: .poisson)
                simulation.run().expectConservation("seed \(seed)")
            }
        }
    }

    @Test("the same seed gives the same run")
    func isDeterministic() {
        let (one, other) = (Simulation.random(7).run(), Simulation.random(7).run())
        #expect(one.result == other.result)
        #expect(one.result != Simulation.random(8).run().result)
    }
}
