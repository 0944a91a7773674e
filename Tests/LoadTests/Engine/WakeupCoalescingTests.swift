import Testing

@testable import Load

@Suite("Wake-up batching", .timeLimit(.minutes(1)))
struct WakeupCoalescingTests {
    /// Simulates spans with a server whose response rate depends on the mode.
    ///
    /// - Returns: the mode of each span.
    private static func manners(
        _ coalescing: inout WakeupCoalescing, spans: Int = 320, prompt: Int, coalesced: Int, inFlight: Int = 32
    ) -> [WakeupCoalescing.Manner] {
        (0..<spans).map { _ in
            let manner = coalescing.manner
            let rate = manner == .prompt ? prompt : coalesced
            coalescing.endSpan(answers: rate / 50, lasting: 20_000_000, inFlight: inFlight)
            return manner
        }
    }

    @Test(
        "the mode with more responses per second is kept, and the other is tried from time to time",
        arguments: [(100_000, 105_000, WakeupCoalescing.Manner.coalesced), (100_000, 95_000, .prompt)])
    func keepsToTheBetter(prompt: Int, coalesced: Int, better: WakeupCoalescing.Manner) {
        var coalescing = WakeupCoalescing(from: 40_000)
        let manners = Self.manners(&coalescing, prompt: prompt, coalesced: coalesced)
        #expect(manners.prefix(2).allSatisfy { $0 == .prompt } && manners[2] == .coalesced)
        let others = manners.suffix(312).count { $0 != better }
        #expect((4...8).contains(others), "trials of 2 spans, after 32, 64 and 128: \(others)")
    }

    @Test("batching is not tried with few responses or few requests in flight, and ends when they become few")
    func few() {
        var coalescing = WakeupCoalescing(from: 40_000)
        #expect(Self.manners(&coalescing, prompt: 39_000, coalesced: 90_000).allSatisfy { $0 == .prompt })
        #expect(Self.manners(&coalescing, prompt: 70_000, coalesced: 90_000, inFlight: 7).allSatisfy { $0 == .prompt })
        #expect(Self.manners(&coalescing, prompt: 100_000, coalesced: 110_000).contains(.coalesced))
        #expect(Self.manners(&coalescing, prompt: 30_000, coalesced: 30_000).dropFirst(3).allSatisfy { $0 == .prompt })
    }

    @Test("a far worse mode is left immediately and tried rarely")
    func farWorse() {
        var coalescing = WakeupCoalescing(from: 40_000)
        let manners = Self.manners(&coalescing, prompt: 70_000, coalesced: 20_000)
        #expect((6...8).contains(manners.count { $0 == .coalesced }))
    }

    @Test("the mode changes when the server's speed changes")
    func changes() {
        var coalescing = WakeupCoalescing(from: 40_000)
        _ = Self.manners(&coalescing, prompt: 100_000, coalesced: 105_000)
        let slower = Self.manners(&coalescing, prompt: 60_000, coalesced: 50_000)
        #expect(slower.suffix(250).count { $0 == .coalesced } <= 12)
        let faster = Self.manners(&coalescing, spans: 640, prompt: 150_000, coalesced: 160_000)
        #expect(faster.suffix(100).count { $0 == .prompt } <= 8)
    }

    @Test("with batching, every response is counted and the time spent batching is reported")
    func rests() throws {
        let server = try LoopbackServer(answering: answer("hello"))
        let result = try LoadResult.load(server.address) {
            $0.threads = 1
            $0.virtualUsers = 16
            $0.coalescingRate = 1
        }
        #expect(result.responses > 100 && result.errors == 0)
        #expect(result.generator.threads[0].coalesced > 0)
        #expect(server.requests >= result.responses)
        #expect(server.requests - result.responses - result.inFlight <= 16, "responses on connections that had ended")
        let prompt = try LoadResult.load(server.address) { $0.coalescingRate = .infinity }
        #expect(prompt.responses > 100 && prompt.generator.threads.allSatisfy { $0.coalesced == 0 })
    }
}
