import Scenario
import Testing

@testable import ScenarioRunner

@Suite struct RateLimitFieldsTests {
    @Test(
        "the wait and the remaining count are read from all usual fields",
        arguments: [
            ([("Retry-After", "2")], 2, nil), ([("retry-after", "0")], 0, nil),
            ([("Retry-After", "Fri, 27 Nov 2026 20:00:00 GMT")], nil, nil), ([("Retry-After", "-1")], nil, nil),
            ([("RateLimit", #""read";r=3;t=5"#)], nil, 3), ([("RateLimit", #""a";r=7, "b"; r=2 ;t=1"#)], nil, 2),
            ([("RateLimit", "limit=5, remaining=4, reset=10")], nil, 4),
            ([("RateLimit-Remaining", "1")], nil, 1), ([("X-RateLimit-Remaining", "0"), ("Retry-After", "1")], 1, 0),
            ([("RateLimit-Policy", #""read";q=5;w=10"#)], nil, nil), ([("RateLimit", #""r=1";q=5"#)], nil, nil),
        ] as [([(String, String)], Int?, Int?)])
    func fields(_ headers: [(String, String)], _ seconds: Int?, _ remaining: Int?) {
        let fields = RateLimitFields(headers.map { Header($0.0, $0.1) })
        #expect(fields.retryAfter == seconds.map { UInt64($0) * 1_000_000_000 })
        #expect(fields.remaining == remaining.map { UInt32($0) })
    }
}
