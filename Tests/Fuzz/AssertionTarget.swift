import Scenario
import TestSupport

/// The body of a response, held against random assertions, captures and templates. The body alone decides which, so
/// that one which breaks a rule can be tried again.
struct AssertionTarget: FuzzTarget {
    let corpus = HostileResponse.bodies
    let tokens = HostileResponse.tokens
    let maximumLength = 16_384
    /// Some of the assertions and templates compute digests of all that there is.
    let allowance = Duration.seconds(2)

    func check(_ body: [UInt8]) throws -> Bool {
        // FNV-1a.
        let hash = body.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        var random = SplitMix64(state: hash)
        try ResponseTrial(body: body, random: &random).run()
        return (try? JSONDocument(parsing: body)) != nil
    }
}
