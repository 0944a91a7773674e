import Testing
import TestSupport

@testable import Scenario

/// A bounded part of what `fuzz assertions` does for as long as one likes.
struct ResponseTrialTests {
    @Test("no response traps, and all ways to judge it agree", arguments: 0..<8 as Range<UInt64>)
    func trials(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<15 {
            let body = HostileResponse.bodies.randomElement(using: &random) ?? ""
            try ResponseTrial(body: Array(body.utf8), random: &random).run()
        }
    }
}
