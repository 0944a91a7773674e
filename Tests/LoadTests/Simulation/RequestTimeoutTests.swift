import Histogram
import Testing

@testable import Load

/// When a request's timeout begins and ends, in simulated time.
@Suite(.timeLimit(.minutes(1)))
struct RequestTimeoutTests {
    /// Timeouts are checked at each heartbeat.
    private static let precision = EngineSettings.heartbeat + 1_000_000

    @Test("a request's timeout begins when it was intended, even if it was sent later")
    func fromIntended() throws {
        var simulation = Simulation(seed: 1)
        simulation.open(rate: 10)
        (simulation.settings.virtualUsers, simulation.settings.initialUsers) = (1, 1)
        simulation.steps = [.get(timeout: .milliseconds(500))]
        // The second request is due at 100 ms and waits for the only user until 300 ms.
        simulation.server.treat = { request, _ in
            request.number == 1 ? .ignore : .respond(after: request.number == 0 ? 300_000_000 : 1_000_000)
        }
        let result = simulation.run().result
        let (response, service) = (result.steps[0].censored.response, result.steps[0].censored.service)
        let limit: Nanoseconds = 500_000_000
        #expect(result.errorTallies[.timeout]?.count == 1)
        #expect(service.min >= 299_000_000 && service.min <= 300_000_000 + Self.precision)
        #expect(response.min >= limit * 999 / 1000 && response.min <= limit + Self.precision)
        #expect(result.errorTallies[.timeout]?.example == "no complete response within 0.5 s")
    }

    @Test("in the closed model, a request's timeout begins when it is sent")
    func closed() {
        var simulation = Simulation(seed: 2)
        simulation.settings.virtualUsers = 1
        simulation.steps = [.get(timeout: .milliseconds(200))]
        simulation.server.treat = { request, _ in
            request.number == 0 ? .ignore : .respond(after: 180_000_000)
        }
        let result = simulation.run().result
        #expect(result.errorTallies[.timeout]?.count == 1 && result.responses >= 3)
        #expect(result.steps[0].censored.service.max <= 200_000_000 + Self.precision)
    }

    @Test("a connection that is never made fails after the request's timeout")
    func connecting() {
        var simulation = Simulation(seed: 3)
        simulation.settings.virtualUsers = 1
        simulation.steps = [.get(timeout: .milliseconds(300))]
        simulation.server.greet = { _, _ in .ignore }
        let result = simulation.run().result
        let tally = result.errorTallies[.connectTimeout]
        #expect(tally?.example == "no connection within 0.3 s")
        // Attempts begin at 0, 0.3 and 0.6 s, later by heartbeats and backoff.
        #expect((2...3).contains(tally?.count ?? 0))
        let longest = result.steps[0].censored.response.max
        #expect(longest >= 299_000_000 && longest <= 300_000_000 + Self.precision)
    }

    @Test("an arrival fails if no virtual user is free within the timeout")
    func arrivals() {
        var simulation = Simulation(seed: 4)
        simulation.open(rate: 10)
        (simulation.settings.virtualUsers, simulation.settings.initialUsers) = (1, 1)
        simulation.settings.duration = .milliseconds(900)
        simulation.steps = [.get(timeout: .milliseconds(250))]
        simulation.server.treat = { _, _ in .ignore }
        let result = simulation.run().result
        // Those due up to 600 ms have failed by then, and the one in flight may still.
        #expect(result.responses == 0 && (7...8).contains(result.errors))
    }
}
