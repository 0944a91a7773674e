import Testing
import TestSupport

@testable import Scenario

/// A short, deterministic version of `fuzz assertions`.
struct ResponseTrialTests {
    @Test("no response traps, and all ways to judge a response agree", arguments: 0..<8 as Range<UInt64>)
    func trials(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<15 {
            let body = HostileResponse.bodies.randomElement(using: &random) ?? ""
            try ResponseTrial(body: Array(body.utf8), random: &random).run()
        }
    }
}
