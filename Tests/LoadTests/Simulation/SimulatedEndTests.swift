import Histogram
import Testing

@testable import Load

/// How runs end, and how many virtual users they create.
@Suite(.timeLimit(.minutes(5)))
struct SimulatedEndTests {
    /// 200 arrivals per second for two seconds, at a server that stalls from 1.5 s on.
    private static func standstill(until end: Nanoseconds) -> SimulatedRun {
        var simulation = Simulation(seed: 1)
        simulation.settings.virtualUsers = 1000
        simulation.settings.duration = .seconds(2)
        simulation.settings.grace = .seconds(1)
        simulation.open(rate: 200)
        simulation.server.standstills = [1_500_000_000..<end]
        return simulation.run()
    }

    @Test("responses after the end count in times but not in rates")
    func late() {
        let run = Self.standstill(until: 2_500_000_000)
        #expect(run.received.count == 300 && run.late.count == 100)
        #expect(run.result.responses == 400 && run.result.steps[0].all.late == 100 && run.result.unfinished == [:])
        #expect(run.result.rate == 150)
        #expect(run.result.seconds.map(\.responses) == [200, 100] && run.result.seconds.map(\.offered) == [200, 200])
        SimulatedTruth.expect(
            run.result.steps[0].all.responseTime,
            holds: zip(run.truth.exchanges, run.constantArrivals(rate: 200)).map { $0.receivedAt! - $1 },
            "response time")
        // All requests had a response, so there was nothing left to wait for.
        #expect(run.endedAt < run.schedule.start + 2_510_000_000)
    }

    @Test(
        "without a warm-up every request counts, however late its connection is ready",
        arguments: 0..<200 as Range<UInt64>)
    func first(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var simulation = Simulation(seed: seed)
        simulation.settings.virtualUsers = 3
        simulation.settings.maximumRequests = 12
        simulation.server.handshake = UInt64.random(in: 1...30_000_000, using: &random)
        simulation.generator.costOfHandshake = UInt64.random(in: 1...2_000_000, using: &random)
        let run = simulation.run()
        #expect(run.truth.exchanges.count == 12 && run.result.responses == 12, "seed \(seed)")
    }

    @Test("a refused connection is attempted once for each arrival")
    func refused() {
        var simulation = Simulation(seed: 1)
        simulation.settings.virtualUsers = 1000
        simulation.settings.initialUsers = 10
        simulation.settings.duration = .milliseconds(500)
        simulation.open(rate: 1000)
        simulation.server.greet = { _, _ in .refuse(after: 50_000) }
        let run = simulation.run()
        // The first users connect before any arrival is due.
        #expect(run.truth.refusals <= 500 + 10)
        #expect(run.result.offered == 500 && run.result.responses == 0)
        #expect(run.result.steps[0].censored.response.totalCount == 500)
        #expect(run.result.virtualUsers <= 20)
    }

    @Test("a request without a response at the end of the grace period is unfinished, with its elapsed time")
    func unfinished() {
        let run = Self.standstill(until: 9_000_000_000)
        #expect(run.endedAt == run.schedule.graceEnd)
        #expect(run.result.responses == 300 && run.result.unfinished == [.inFlight: 100])
        let waited = run.constantArrivals(rate: 200).suffix(100).map { run.endedAt - $0 }
        SimulatedTruth.expect(run.result.steps[0].censored.response, holds: waited, "elapsed since intended")
    }

    @Test("a request's timeout still applies after the measurement")
    func timeout() {
        var simulation = Simulation(seed: 2)
        simulation.settings.duration = .milliseconds(500)
        simulation.steps = [.get(timeout: .milliseconds(700))]
        simulation.server.treat = { _, _ in .ignore }
        let run = simulation.run()
        #expect(run.result.errorTallies[.timeout]?.count == 4 && run.result.unfinished == [:])
        #expect(run.endedAt < run.schedule.end + 230_000_000)
    }

    @Test("no request is sent after the measurement")
    func noneSent() {
        let run = Self.standstill(until: 2_200_000_000)
        #expect(run.truth.exchanges.allSatisfy { $0.sentAt < run.schedule.end })
        var closed = Simulation(seed: 3)
        closed.server.treat = { _, _ in .respondAndClose(after: 7_000_000, isAnnounced: false) }
        let other = closed.run()
        #expect(other.truth.exchanges.allSatisfy { $0.sentAt < other.schedule.end })
    }

    @Test("a stopped run ends promptly and reports all seconds, the last one in part")
    func stopped() {
        var simulation = Simulation(seed: 4)
        simulation.settings.threads = 2
        simulation.settings.duration = .seconds(10)
        simulation.stopAt = 2_500_000_000
        let run = simulation.run()
        #expect(run.endedAt < run.schedule.start + 2_521_000_000 && run.result.measured < 2_521_000_000)
        #expect(run.result.seconds.count == 3)
        #expect(run.result.seconds.map(\.duration).reduce(0, +) == run.result.measured)
        #expect(run.result.seconds.map(\.responses).reduce(0, +) == run.result.responses)
    }

    @Test("a second is complete without threads that have already ended")
    func endedThread() {
        let series = SecondSeries(threads: 2)
        var one = Recorder(classes: 0)
        var other = Recorder(classes: 0)
        for _ in 0..<2 { one.tick(to: series, lasting: 1_000_000_000) }
        other.tick(to: series, lasting: 1_000_000_000)
        #expect(series.summaries.map(\.second) == [0])
        other.tick(to: series, lasting: 300_000_000)
        other.end(series)
        one.tick(to: series, lasting: 400_000_000)
        one.end(series)
        #expect(series.summaries.map(\.second) == [0, 1, 2])
        #expect(series.summaries.map(\.duration) == [1_000_000_000, 1_000_000_000, 400_000_000])
    }

    @Test("virtual users are created as arrivals need them", arguments: [1, 2])
    func users(threads: Int) {
        var simulation = Simulation(seed: 5)
        simulation.settings.threads = threads
        simulation.settings.virtualUsers = 10_000
        simulation.settings.initialUsers = 100
        simulation.open(rate: 2000)
        simulation.server.treat = { _, _ in .respond(after: 200_000_000) }
        let result = simulation.run().result
        #expect(result.offered == 2000 && result.responses == 2000 && result.arrivalsWithoutUser == 0)
        #expect((400...440).contains(result.virtualUsers))
        #expect(result.lag.server.max < 1_000_000)
    }

    @Test("arrivals wait when all virtual users are busy, and are counted separately")
    func outOfUsers() {
        var simulation = Simulation(seed: 6)
        simulation.settings.virtualUsers = 100
        simulation.settings.initialUsers = 100
        simulation.open(rate: 2000)
        simulation.server.treat = { _, _ in .respond(after: 200_000_000) }
        let run = simulation.run()
        #expect(run.result.virtualUsers == 100 && run.result.arrivalsWithoutUser == 1900)
        #expect(run.result.responses == run.truth.exchanges.count)
        #expect(run.result.unfinished == [.waitingForUser: 2000 - run.truth.exchanges.count])
    }
}
