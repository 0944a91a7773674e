import Histogram
import Testing

@testable import Load

/// The generator's own effect on its figures, and what it reports about it.
@Suite(.timeLimit(.minutes(5)))
struct SimulatedGeneratorTests {
    @Test(
        "the wait of a response behind others in its batch or socket is receive lag, not server time")
    func receiveLag() {
        var simulation = Simulation(seed: 1)
        simulation.settings.virtualUsers = 400
        simulation.settings.duration = .milliseconds(500)
        simulation.server.treat = { _, _ in .respond(after: 2_000_000) }
        // Handling 400 responses of 10 µs each takes twice as long as the server's work.
        simulation.generator.costOfReceive = 5_000
        simulation.generator.costOfSend = 5_000
        for sampling in [1, 16] {
            simulation.generator.sampling = sampling
            let run = simulation.run()
            let lags = (run.received + run.late).map { $0.receivedAt! - $0.arrivedAt! }
            let times = run.result.steps[0].all.times
            let median = SimulatedTruth.percentile(50, of: lags)
            #expect(median > 1_000_000)
            if sampling == 1 {
                SimulatedTruth.expect(run.result.lag.receive, holds: lags, "receive lag")
            } else {
                // Responses without a timestamp get an estimate from the sample.
                let told = run.result.lag.receive.valueAtPercentile(50)
                #expect(abs(Double(told) - Double(median)) < Double(median) / 4, "\(told) of \(median)")
            }
            #expect(times.service.valueAtPercentile(50) > 3_000_000)
            let adjusted = times.adjustedService.valueAtPercentile(50)
            #expect(
                adjusted >= (sampling == 1 ? 2_000_000 : 1_500_000)
                    && adjusted < (sampling == 1 ? 2_100_000 : 2_700_000), "\(adjusted)")
        }
    }

    @Test("receive lag includes the time that responses wait in their sockets for several batches")
    func fullBatches() {
        var simulation = Simulation(seed: 2)
        simulation.settings.virtualUsers = 3000
        simulation.settings.duration = .milliseconds(500)
        simulation.generator.sampling = 16
        simulation.server.treat = { _, _ in .respond(after: 1_000_000) }
        simulation.generator.costOfReceive = 5_000
        simulation.generator.costOfSend = 5_000
        let run = simulation.run()
        let lags = (run.received + run.late).map { $0.receivedAt! - $0.arrivedAt! }
        let (told, known) = (run.result.lag.receive.valueAtPercentile(50), SimulatedTruth.percentile(50, of: lags))
        #expect(known > 15_000_000 && abs(Double(told) - Double(known)) < Double(known) / 4, "\(told) of \(known)")
    }

    @Test("arrivals due during a generator stall count as generator lag and leave service time unaffected")
    func sendLag() {
        var simulation = Simulation(seed: 3)
        simulation.settings.virtualUsers = 100
        simulation.open(rate: 1000)
        simulation.generator.stalls = [400_000_000..<550_000_000]
        let run = simulation.run()
        let due = run.constantArrivals(rate: 1000)
        let lags = zip(run.truth.exchanges, due).map { $0.sentAt - $1 }
        #expect(lags.max()! > 145_000_000)
        // The hundred users that are free when the stall ends send the first hundred arrivals; the rest wait for the
        // server.
        let free = zip(lags, due).filter { $0.1 < run.schedule.start + 500_000_000 }
        #expect(run.result.lag.generator.max >= free.map(\.0).max()! / 1000 * 999)
        SimulatedTruth.expect(
            run.result.steps[0].all.serviceTime, holds: run.truth.exchanges.map { $0.receivedAt! - $0.sentAt },
            "service")
        let adjusted = run.result.steps[0].all.times.adjustedResponse
        #expect(adjusted.valueAtPercentile(90) < 2_000_000)
        #expect(run.result.steps[0].all.times.response.valueAtPercentile(90) > 40_000_000)
    }

    @Test("a generator stall during which new virtual users are needed is generator lag, not connection time")
    func lateUsers() {
        var simulation = Simulation(seed: 4)
        simulation.settings.virtualUsers = 1000
        simulation.settings.initialUsers = 1
        simulation.open(rate: 1000)
        simulation.generator.stalls = [400_000_000..<550_000_000]
        let run = simulation.run()
        #expect(run.result.arrivalsWithoutUser == 0 && run.result.virtualUsers > 100)
        #expect(run.result.lag.generator.max > 145_000_000)
        #expect(run.result.lag.server.max < 1_000_000)
    }

    @Test("time without a core counts as busy, and watching the clock does not")
    func runDelay() throws {
        var simulation = Simulation(seed: 5)
        simulation.open(rate: 100)
        simulation.settings.spin = .seconds(1)
        simulation.generator.stalls = (0..<10).map { turn in
            turn * 100_000_000 + 10_000_000..<turn * 100_000_000 + 40_000_000
        }
        let usage = try #require(simulation.run().result.generator.threads.first)
        #expect(usage.runDelay == 300_000_000)
        #expect(usage.total + usage.runDelay <= 1_000_000_000)
        // The clock was watched for the rest of the time, and no time without a core is deducted.
        #expect(usage.watched > 680_000_000 && usage.watched <= usage.total)
        #expect((300_000_000..<320_000_000).contains(usage.busy))
    }

    @Test("run delay is parsed from schedstat")
    func schedstat() {
        #expect(ThreadUsage.runDelay(inSchedstat: "7025364 1250311 118\n") == 1_250_311)
        #expect(ThreadUsage.runDelay(inSchedstat: "") == 0 && ThreadUsage.runDelay(inSchedstat: "1 x 2") == 0)
    }

    @Test("service time excludes rendering and the last step of a TLS handshake")
    func serviceTime() {
        var simulation = Simulation(seed: 6)
        simulation.settings.virtualUsers = 1
        simulation.settings.duration = .milliseconds(100)
        simulation.server.handshake = 1_000_000
        simulation.server.treat = { _, _ in .respondAndClose(after: 1_000_000, isAnnounced: true) }
        simulation.generator.costOfHandshake = 3_000_000
        simulation.generator.costOfRendering = 2_000_000
        simulation.render()
        let times = simulation.run().result.steps[0].all.times
        #expect(times.service.max < 1_100_000 && times.service.totalCount > 5)
        #expect(times.response.max > 6_000_000)
        // Rendering counts as generator lag.
        #expect(times.adjustedResponse.max < times.response.max - 1_900_000)
    }

    @Test("users of the closed model start one after another over the first half of the warm-up")
    func gradualStart() {
        var simulation = Simulation(seed: 7)
        simulation.settings.virtualUsers = 100
        simulation.settings.warmUp = .seconds(1)
        simulation.settings.duration = .milliseconds(100)
        simulation.server.treat = { _, _ in .respond(after: 20_000_000) }
        let run = simulation.run()
        var first: [Int: Nanoseconds] = [:]
        for exchange in run.truth.exchanges where first[exchange.slot] == nil {
            first[exchange.slot] = exchange.sentAt - run.schedule.start
        }
        #expect(first.count == 100)
        for (slot, time) in first { #expect(time == Nanoseconds(slot) * 5_000_000, "user \(slot)") }
    }

    @Test("responses are read between sends, in both models")
    func readsBetween() {
        for open in [false, true] {
            var simulation = Simulation(seed: 8)
            simulation.settings.virtualUsers = 1000
            simulation.settings.duration = .milliseconds(300)
            if open { simulation.open(rate: 10_000) }
            // During the stall, a thousand arrivals become due.
            if open { simulation.generator.stalls = [50_000_000..<150_000_000] }
            simulation.generator.costOfSend = 10_000
            simulation.server.treat = { _, _ in .respond(after: 100_000) }
            let run = simulation.run()
            let calls =
                run.truth.exchanges.map { ($0.sentAt, isSend: true) }
                + run.truth.exchanges.compactMap { exchange in exchange.receivedAt.map { ($0, isSend: false) } }
            var (longest, sends) = (0, 0)
            for call in calls.sorted(by: { $0.0 < $1.0 }) {
                sends = call.isSend ? sends + 1 : 0
                longest = max(longest, sends)
            }
            #expect(longest > 10 && longest <= 80, "\(open ? "open" : "closed"): \(longest) sent without a read")
        }
    }
}
