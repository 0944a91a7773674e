import Scenario
import ScenarioRunner
import Testing
import TestSupport

@testable import Load

@Suite(.timeLimit(.minutes(1)))
struct WakeUpBatchingTests {
    /// Feeds it spans of a server with these rates, in responses per second.
    /// - Returns: the mode of each span.
    private static func modes(
        _ batching: inout WakeUpBatching, spans: Int = 320, prompt: Int, batched: Int, inFlight: Int = 32
    ) -> [WakeUpBatching.Mode] {
        (0..<spans).map { _ in
            let mode = batching.mode
            let rate = mode == .prompt ? prompt : batched
            batching.endSpan(responses: rate / 50, lasting: 20_000_000, inFlight: inFlight)
            return mode
        }
    }

    @Test(
        "the mode with more responses per second is kept, and the other one is tried from time to time",
        arguments: [(100_000, 105_000, WakeUpBatching.Mode.batched), (100_000, 95_000, .prompt)])
    func keepsTheBetter(prompt: Int, batched: Int, better: WakeUpBatching.Mode) {
        var batching = WakeUpBatching(from: 40_000)
        let modes = Self.modes(&batching, prompt: prompt, batched: batched)
        #expect(modes.prefix(2).allSatisfy { $0 == .prompt } && modes[2] == .batched)
        let others = modes.suffix(312).count { $0 != better }
        #expect((4...8).contains(others), "trials of 2 spans, after 32, 64 and 128: \(others)")
    }

    @Test("batching is not tried at low rates or with few requests in flight, and stops when the rate falls")
    func few() {
        var batching = WakeUpBatching(from: 40_000)
        #expect(Self.modes(&batching, prompt: 39_000, batched: 90_000).allSatisfy { $0 == .prompt })
        #expect(Self.modes(&batching, prompt: 70_000, batched: 90_000, inFlight: 7).allSatisfy { $0 == .prompt })
        #expect(Self.modes(&batching, prompt: 100_000, batched: 110_000).contains(.batched))
        #expect(Self.modes(&batching, prompt: 30_000, batched: 30_000).dropFirst(3).allSatisfy { $0 == .prompt })
    }

    @Test("a much slower mode is left after its trial and does not cause further trials")
    func farWorse() {
        var batching = WakeUpBatching(from: 40_000)
        let modes = Self.modes(&batching, prompt: 70_000, batched: 20_000)
        #expect((6...8).contains(modes.count { $0 == .batched }))
    }

    @Test("the mode changes when the server's rates change")
    func changes() {
        var batching = WakeUpBatching(from: 40_000)
        _ = Self.modes(&batching, prompt: 100_000, batched: 105_000)
        let slower = Self.modes(&batching, prompt: 60_000, batched: 50_000)
        #expect(slower.suffix(250).count { $0 == .batched } <= 12)
        let faster = Self.modes(&batching, spans: 640, prompt: 150_000, batched: 160_000)
        #expect(faster.suffix(100).count { $0 == .prompt } <= 8)
    }

    @Test("with batching every response is read and counted, and the result says how long wake-ups were batched")
    func rests() throws {
        let server = try ScriptedServer(answering: answer("hello"))
        let result = try LoadResult.load(server.address) {
            $0.threads = 1
            $0.virtualUsers = 16
            $0.batchingRate = 1
        }
        #expect(result.responses > 100 && result.errors == 0)
        #expect(result.generator.threads[0].wakeUpBatching > 0)
        #expect(server.requests >= result.responses)
        #expect(server.requests - result.responses - result.inFlight <= 16, "responses to the ends of connections")
    }

    /// What the options make of a scenario, against a simulated server that sends 45,000 responses per second.
    private static func usage(_ options: LoadOptions) throws -> ThreadUsage {
        let text = #"{ "name": "fast", "steps": [{ "id": "read", "request": { "url": "/" } }] }"#
        let scenario = try ScenarioReader.read(SourceFile(path: "test.json", bytes: Array(text.utf8)))
        let target = try LoadTarget(#require(BaseURL("http://127.0.0.1:80")))
        var simulation = Simulation(seed: 1)
        simulation.settings = try EngineSettings(scenario, options: options, target: target)
        simulation.settings.threads = 1
        simulation.settings.virtualUsers = 20
        simulation.settings.duration = .milliseconds(200)
        simulation.server.treat = { _, _ in .respond(after: 400_000) }
        let run = simulation.run()
        #expect(run.result.responses == run.answered.count && run.answered.count > 8000)
        return try #require(run.result.generator.threads.first)
    }

    @Test("a run does not batch wake-ups unless it is asked to, however fast the server is")
    func isOptIn() throws {
        var options = LoadOptions()
        #expect(try Self.usage(options).wakeUpBatching == 0)
        options.batchesWakeUps = true
        #expect(try Self.usage(options).wakeUpBatching > 0)
    }
}
