import Scenario
import TestSupport

/// Checks a response body against random assertions, captures and templates. They depend on the body alone, so that a
/// failure can be reproduced.
struct AssertionTarget: FuzzTarget {
    let corpus = HostileResponse.bodies
    let tokens = HostileResponse.tokens
    let maximumLength = 16_384
    /// Generous, because some assertions and templates compute digests of the whole body.
    let allowance = Duration.seconds(2)

    func check(_ body: [UInt8]) throws -> Bool {
        // FNV-1a.
        let hash = body.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        var random = SeededGenerator(seed: hash)
        try ResponseTrial(body: body, random: &random).run()
        return (try? JSONDocument(parsing: body)) != nil
    }
}
