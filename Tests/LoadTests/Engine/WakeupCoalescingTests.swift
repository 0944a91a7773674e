import Testing

@testable import Load

@Suite("Coalescing of wake-ups", .timeLimit(.minutes(1)))
struct WakeupCoalescingTests {
    /// Spans of a server with so many answers a second in either manner.
    /// - Returns: the manner of each.
    private static func manners(
        _ coalescing: inout WakeupCoalescing, spans: Int = 320, prompt: Int, coalesced: Int
    ) -> [WakeupCoalescing.Manner] {
        (0..<spans).map { _ in
            let manner = coalescing.manner
            let rate = manner == .prompt ? prompt : coalesced
            coalescing.endSpan(answers: rate / 50, lasting: 20_000_000)
            return manner
        }
    }

    @Test(
        "the manner with more answers a second is kept to, the other one tried now and then",
        arguments: [(100_000, 105_000, WakeupCoalescing.Manner.coalesced), (100_000, 95_000, .prompt)])
    func keepsToTheBetter(prompt: Int, coalesced: Int, better: WakeupCoalescing.Manner) {
        var coalescing = WakeupCoalescing(from: 40_000)
        let manners = Self.manners(&coalescing, prompt: prompt, coalesced: coalesced)
        #expect(manners[0] == .prompt)
        let others = manners.count { $0 != better }
        #expect((9...12).contains(others), "a trial in 32 spans, and the first spans: \(others)")
    }

    @Test("nothing is tried where answers are few, and it ends where they become few")
    func few() {
        var coalescing = WakeupCoalescing(from: 40_000)
        #expect(Self.manners(&coalescing, prompt: 39_000, coalesced: 90_000).allSatisfy { $0 == .prompt })
        #expect(Self.manners(&coalescing, prompt: 100_000, coalesced: 110_000).contains(.coalesced))
        #expect(Self.manners(&coalescing, prompt: 30_000, coalesced: 30_000).dropFirst(2).allSatisfy { $0 == .prompt })
    }

    @Test("a server that changes changes the mind")
    func changes() {
        var coalescing = WakeupCoalescing(from: 40_000)
        _ = Self.manners(&coalescing, prompt: 100_000, coalesced: 105_000)
        let slower = Self.manners(&coalescing, prompt: 60_000, coalesced: 50_000)
        #expect(slower.suffix(100).count { $0 == .coalesced } <= 4)
        let faster = Self.manners(&coalescing, spans: 640, prompt: 150_000, coalesced: 160_000)
        #expect(faster.suffix(100).count { $0 == .prompt } <= 4)
    }

    @Test("with rests every answer is taken and counted, and the report tells of them")
    func rests() throws {
        let server = try LoopbackServer(answering: answer("hello"))
        let result = try LoadResult.load(server.address) {
            $0.threads = 1
            $0.virtualUsers = 8
            $0.coalescingRate = 1
        }
        #expect(result.responses > 100 && result.errors == 0)
        #expect(result.generator.threads[0].coalesced > 0)
        #expect(server.requests >= result.responses)
        #expect(server.requests - result.responses - result.censored <= 8, "answers to the ends of connections")
        let prompt = try LoadResult.load(server.address) { $0.coalescingRate = .infinity }
        #expect(prompt.responses > 100 && prompt.generator.threads.allSatisfy { $0.coalesced == 0 })
    }
}
