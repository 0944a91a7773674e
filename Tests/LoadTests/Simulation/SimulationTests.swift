import Histogram
import Testing

@testable import Load

@Suite("Simulated runs", .timeLimit(.minutes(5)))
struct SimulationTests {
    static let seeds: Range<UInt64> = 0..<40

    /// A random load, server and generator, without faults.
    private static func random(_ seed: UInt64) -> Simulation {
        var random = SplitMix64(seed: seed)
        func time(_ range: ClosedRange<UInt64>) -> Nanoseconds { UInt64.random(in: range, using: &random) * 1000 }
        var simulation = Simulation(seed: seed)
        simulation.settings.virtualUsers = Int.random(in: 1...16, using: &random)
        simulation.settings.duration = .milliseconds(Int.random(in: 20...1300, using: &random))
        if Bool.random(using: &random) { simulation.settings.warmUp = .milliseconds(50) }
        simulation.server.concurrency = Int.random(in: 1...8, using: &random)
        if Bool.random(using: &random) {
            let begin = time(0...1_000_000)
            simulation.server.standstills = [begin..<begin + time(1...500_000)]
        }
        if Bool.random(using: &random) {
            let begin = time(0...2_000_000)
            simulation.generator.stalls = [begin..<begin + time(1...300_000)]
        }
        if Int.random(in: 0..<4, using: &random) == 0 { simulation.server.handshake = time(100...2000) }
        if Bool.random(using: &random) { simulation.render() }
        simulation.generator.wakeup = time(0...60)
        simulation.generator.costOfReceive = time(0...20)
        simulation.generator.costOfSend = time(0...20)
        simulation.generator.costOfHandshake = time(0...1000)
        simulation.generator.costOfRendering = time(0...500)
        simulation.server.treat = { _, random in
            .respond(
                after: UInt64.random(in: 100_000...20_000_000, using: &random),
                status: Bool.random(using: &random) ? 200 : 404, pieces: Int.random(in: 1...3, using: &random),
                every: 30_000)
        }
        return simulation
    }

    @Test(
        "the closed model's counts, rates, times, lag and seconds match the simulated server's", arguments: seeds)
    func closedModel(seed: UInt64) {
        let run = Self.random(seed).run()
        Self.expectTruth(run, seed)
        #expect(run.result.unfinished[.waitingForUser] == nil, "seed \(seed)")
    }

    @Test("the open model's counts, rates, times, lag and seconds match the simulated server's", arguments: seeds)
    func openModel(seed: UInt64) {
        var simulation = Self.random(seed)
        simulation.settings.virtualUsers *= 20
        simulation.settings.warmUp = .zero
        simulation.open(rate: Double(50 + seed * 5))
        let run = simulation.run()
        Self.expectTruth(run, seed)
        let result = run.result
        let total = result.responses + result.errors + result.unfinished.values.reduce(0, +)
        let due = run.constantArrivals(rate: Double(50 + seed * 5))
        #expect(result.offered == due.count && total == due.count, "seed \(seed)")
        // Users connect before the start, so requests are sent in the order of their arrivals.
        let sent = zip(run.truth.exchanges, due).map { ($0, $1) }
        SimulatedTruth.expect(
            result.steps[0].all.responseTime,
            holds: sent.compactMap { exchange, due in exchange.receivedAt.map { $0 - due } },
            "response time, seed \(seed)")
        let lags = SimulatedTruth.sum(result.lag.generator, result.lag.server)
        let known = sent.map { exchange, due in exchange.sentAt - due }.reduce(0, +)
        #expect(lags.distance(to: Double(known)).magnitude <= Double(known) / 500 + 1000, "send lag, seed \(seed)")
    }

    /// Expects what holds for every run without faults.
    private static func expectTruth(_ run: SimulatedRun, _ seed: UInt64) {
        let (result, step) = (run.result, run.result.steps[0])
        let all = run.received + run.late
        #expect(result.errors == 0, "seed \(seed)")
        #expect(step.all.count == all.count && step.all.late == run.late.count, "seed \(seed)")
        #expect(result.unfinished[.inFlight] ?? 0 == run.unanswered.count, "seed \(seed)")
        #expect(step.statuses == Dictionary(grouping: all) { $0.status ?? 0 }.mapValues(\.count), "seed \(seed)")
        let seconds = Double(result.measured) / 1e9
        #expect(result.measured == run.schedule.end - run.schedule.measurementStart, "seed \(seed)")
        #expect(abs(result.rate - Double(run.received.count) / seconds) < 1e-6, "seed \(seed)")
        SimulatedTruth.expect(
            step.all.serviceTime, holds: all.map { $0.receivedAt! - $0.sentAt }, "service time, seed \(seed)")
        #expect(result.seconds.map(\.responses) == run.receivedBySecond, "seed \(seed)")
        #expect(result.seconds.map(\.duration).reduce(0, +) == result.measured, "seed \(seed)")
        if run.isTimestamped {
            SimulatedTruth.expect(
                result.lag.receive, holds: all.map { $0.receivedAt! - $0.arrivedAt! }, "receive lag, seed \(seed)")
            SimulatedTruth.expect(
                step.all.times.adjustedService, holds: all.map { $0.arrivedAt! - $0.sentAt },
                "service time less receive lag, seed \(seed)")
        }
    }

    @Test("under faults, each arrival is counted exactly once: as a response, an error or unfinished", arguments: seeds)
    func faults(seed: UInt64) {
        var simulation = Self.random(seed)
        simulation.settings.warmUp = .zero
        simulation.settings.initialUsers = 2
        simulation.settings.grace = .milliseconds(Int(seed % 5) * 100)
        simulation.steps = [.get(method: seed % 3 == 0 ? "POST" : "GET", timeout: .milliseconds(300))]
        simulation.open(rate: 200, distribution: .poisson)
        simulation.server.treat = { _, random in
            let time = UInt64.random(in: 100_000...20_000_000, using: &random)
            return switch Int.random(in: 0..<20, using: &random) {
            case 0: .reset(after: time)
            case 1: .close(after: time)
            case 2: .truncate(after: time)
            case 3: .ignore
            case 4: .respondAndClose(after: time, isAnnounced: true)
            case 5: .respondAndClose(after: time, isAnnounced: false)
            default: .respond(after: time)
            }
        }
        simulation.server.greet = { _, random in
            switch Int.random(in: 0..<10, using: &random) {
            case 0: .refuse(after: 50_000)
            case 1: .ignore
            case 2: .accept(after: 150_000_000)
            default: .accept(after: 100_000)
            }
        }
        let run = simulation.run()
        let result = run.result
        let step = result.steps[0]
        #expect(step.all.count == run.received.count + run.late.count, "seed \(seed)")
        #expect(step.all.late == run.late.count, "seed \(seed)")
        #expect(step.errors[.refused]?.count ?? 0 <= run.truth.refusals, "seed \(seed)")
        let total = result.responses + Int(step.censored.response.totalCount)
        #expect(total == result.offered, "seed \(seed): \(total) of \(result.offered)")
        #expect(run.endedAt <= run.schedule.graceEnd + 320_000_000, "seed \(seed)")
    }

    @Test("the same seed gives the same run")
    func isDeterministic() {
        let (one, other) = (Self.random(7).run(), Self.random(7).run())
        #expect(one.result == other.result)
        #expect(one.result != Self.random(8).run().result)
    }
}
