import Probe
import Testing

@Suite("RateLimit fields and rejected requests")
struct FieldTests {
    private func probe(
        _ fields: SimulatedPolicy.FieldStyle, countsErrors: Bool = false, kind: SimulatedPolicy.Kind = .fixedWindow
    ) -> SimulatedProbe {
        var policy = SimulatedPolicy(kind: kind, limit: 5, window: 10)
        policy.fields = fields
        policy.countsErrors = countsErrors
        return SimulatedProbe(policy, seed: 9)
    }

    @Test("accurate fields are accurate", arguments: [SimulatedPolicy.Kind.fixedWindow, .slidingWindow])
    func accurate(kind: SimulatedPolicy.Kind) {
        let probe = probe(.accurate, kind: kind)
        #expect(probe.result.fields.value == "accurate")
        #expect(probe.errors.isEmpty, "\(probe.errors.joined(separator: "; "))")
    }

    @Test("a remaining count that is one too high is wrong")
    func offByOne() {
        let fields = probe(.offByOne).result.fields
        #expect(fields.value == "wrong")
        #expect(fields.evidence.contains("remain"))
    }

    @Test("a limit field that names another limit is wrong")
    func wrongLimit() {
        let fields = probe(.wrongLimit).result.fields
        #expect(fields.value == "wrong")
        #expect(fields.evidence.contains("8, but the limit is 5"))
    }

    @Test("responses without fields are absent")
    func absent() { #expect(probe(.none).result.fields.value == "absent") }

    @Test("malformed requests count only if the limiter counts them", arguments: [false, true])
    func countsErrors(counts: Bool) {
        let probe = probe(.none, countsErrors: counts)
        #expect(probe.result.countsErrors.value == counts)
        #expect(probe.errors.isEmpty, "\(probe.errors.joined(separator: "; "))")
    }

    @Test("RateLimit fields are read in both forms")
    func parsesFields() {
        let old = LimitPromise(fields: [
            ("X-RateLimit-Limit", "5"), ("X-RateLimit-Remaining", "2"), ("Retry-After", "7"),
        ])
        #expect(old == LimitPromise(retryAfter: 7, limit: 5, remaining: 2))
        let new = LimitPromise(fields: [("RateLimit-Policy", "\"a\";q=100;w=60"), ("RateLimit", "\"a\";r=50;t=30")])
        #expect(new == LimitPromise(limit: 100, remaining: 50, reset: 30))
    }
}
