import Testing

@testable import TodoServer

@Suite struct RateLimitPolicyTests {
    @Test(
        "a valid rate limit is parsed",
        arguments: [
            ("5/10s", RateLimitPolicy(limit: 5, windowSeconds: 10)), ("1/1s", .init(limit: 1, windowSeconds: 1)),
            ("100/2m", .init(limit: 100, windowSeconds: 120)),
            ("1000000000/24h", .init(limit: 1_000_000_000, windowSeconds: 86_400)),
            ("off", nil),
        ])
    func reads(_ text: String, _ policy: RateLimitPolicy?) throws {
        #expect(try RateLimitPolicy.parse(text) == policy)
    }

    @Test(
        "an invalid rate limit is rejected",
        arguments: [
            "", "5", "5/", "/10s", "5/10", "5/s", "0/10s", "5/0s", "-5/10s", "+5/10s", "5/10ms", "5/25h", "5/10s/1",
            " 5/10s",
            "5.5/10s", "٥/10s", "OFF", "1000000001/1s", "99999999999999999999/1s",
        ])
    func refuses(_ text: String) {
        #expect(throws: RateLimitPolicy.ParsingError.self) { try RateLimitPolicy.parse(text) }
    }

    @Test(
        "the reset time is rounded up to whole seconds",
        arguments: [(0, 1), (1, 1), (1000, 1), (1001, 2), (9999, 10), (10_000, 10)] as [(Int64, Int64)])
    func roundsTheResetUp(_ milliseconds: Int64, _ seconds: Int64) {
        #expect(Admission(isAdmitted: true, remaining: 0, resetMilliseconds: milliseconds).resetSeconds == seconds)
    }
}
