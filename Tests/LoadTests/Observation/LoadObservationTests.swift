import Glibc
import Observe
import ScenarioRunner
import TestSupport
import Testing

@testable import Load
@testable import Report

@Suite(.timeLimit(.minutes(1)))
struct LoadObservationTests {
    @Test("costs are estimated for each metric of the observed sources")
    func costs() throws {
        let observation = LoadObservation.sample()
        #expect(observation.costs.map(\.metric) == [.cpu, .redisCommands, .redisCPU])
        let figures = observation.costs[..<2].flatMap { $0.estimate.kinds.map(\.figure) }
        for (figure, cost) in zip(figures, [20_000.0, 100_000, 2, 5]) {
            let value = try #require(figure).value
            #expect(abs(value - cost) < cost / 1000)
        }
    }

    @Test("sources of one kind are added up, and a second that one of them lacks is left out")
    func severalSources() throws {
        let one = LoadObservation.sample()
        var second = one.sources[0]
        second.seconds[3].growth = [:]
        let both = LoadObservation(sources: [one.sources[0], second], kinds: one.kinds, responses: one.responses)
        let estimate = try #require(both.costs.first?.estimate)
        #expect(estimate.blocks == 19 && both.costs.count == 1)
        let figure = try #require(estimate.kinds[0].figure)
        #expect(abs(figure.value - 40_000) < 40)
        second.seconds = second.seconds.map { ObservedSecond(second: $0.second) }
        let none = LoadObservation(sources: [one.sources[0], second], kinds: one.kinds, responses: one.responses)
        #expect(none.costs.isEmpty)
    }

    /// Observes a source while a short load runs.
    private static func run(_ source: ObservationSource, milliseconds: Int) throws -> (LoadResult, LoadObservation) {
        let server = try ScriptedServer(answering: answer("hello"))
        var settings = EngineSettings()
        (settings.virtualUsers, settings.threads) = (2, 1)
        settings.duration = .milliseconds(milliseconds)
        let judge = StubJudge { _, _, iteration in Verdict(classes: UInt64(iteration.number % 2)) }
        let plan = LoadPlan(target: server.address, steps: [.get(isMemoisable: false)], classes: ["odd"], judge: judge)
        let run = try LoadRun(name: "test", plan: plan, settings: settings, stop: StopFlag())
        let (result, observation) = try run.finish(run.observe([source]))
        withExtendedLifetime(server) {}
        return (result, try #require(observation))
    }

    @Test("a process is observed during the load's seconds, and every response is of one kind")
    func process() throws {
        let (result, observation) = try Self.run(.process(getpid()), milliseconds: 2100)
        #expect(observation.sources[0].failure == nil && observation.responses.count == 2)
        #expect(observation.sources[0].seconds.allSatisfy { ($0.growth[.cpu] ?? 0) > 0 })
        #expect(Set(observation.kinds.map(\.classes)) == [[], ["odd"]])
        for (second, counts) in zip(result.seconds, observation.responses) {
            #expect(counts.reduce(0, +) == second.responses)
        }
    }

    @Test("a source that ends during the load leaves the seconds before, and the reason")
    func endingSource() throws {
        let text = "cmdstat_get:calls=5,usec=7\r\nused_memory:1\r\nused_cpu_sys:1\r\nused_cpu_user:1\r\n"
        let redis = try ScriptedServer { connection in
            // Three readings of four replies: before the load, at its start, and after a second.
            for _ in 0..<12 {
                guard connection.receive() != nil else { return }
                connection.write("$\(text.utf8.count)\r\n\(text)\r\n")
            }
            _ = connection.receive()
        }
        let source = try ObservationSource(parsing: "redis://127.0.0.1:\(redis.base.port)")
        let (result, observation) = try Self.run(source, milliseconds: 2100)
        #expect(result.responses > 0)
        let failure = try #require(observation.sources[0].failure)
        #expect(failure.contains("Server closed the connection"))
        #expect(observation.sources[0].seconds.map { $0.growth[.redisCommands] } == [0, nil])
        var load = EvaluatedLoad(result)
        load.observation = observation
        #expect(try LoadReport.text.render(load).contains("observed only in part: \(failure)"))
        withExtendedLifetime(redis) {}
    }

    @Test("a source out of reach ends the load before it starts")
    func unreachable() async throws {
        let server = try ScriptedServer(answering: answer("{}"))
        let text = #"{ "name": "n", "steps": [{ "id": "a", "request": { "url": "/" } }] }"#
        var session = try LoadSessionTests.session(server.port, text)
        let error = await #expect(throws: LoadError.self) {
            try await session.run(
                observing: [.process(pid_t.max)], stop: StopFlag(), onFault: { _ in }, following: { _ in })
        }
        #expect(error == .unobservable(reason: "pid:\(pid_t.max): no such process") && server.requests == 0)
    }
}
