import Foundation
import Probe
import Testing

@Suite("Probing simulated caches")
struct CacheSimulationTests {
    /// `CACHE_MATRIX=N` takes N policies and prints a line for each; ordinary runs take few.
    static let complete = ProcessInfo.processInfo.environment["CACHE_MATRIX"].flatMap { Int($0) }

    /// A policy with a random value for each property.
    static func policy(_ number: Int) -> SimulatedCachePolicy {
        var random = Random(state: UInt64(number) &* 7919 &+ 11)
        func pick<Value>(_ values: [Value]) -> Value { values[Int(random.unit() * Double(values.count))] }
        func flip(_ share: Double = 0.5) -> Bool { random.unit() < share }
        var policy = SimulatedCachePolicy(ttl: flip(0.1) ? nil : pick([1, 5, 60]))
        policy.invalidates = flip()
        policy.isPerUser = flip()
        policy.isPrivate = flip()
        policy.invalidatesOwnOnly = flip(0.2)
        policy.isList = flip()
        policy.visibility = pick(SimulatedCachePolicy.Visibility.allCases)
        policy.life = pick([.fixed, .fixed, .sliding, .revalidating])
        policy.races = flip(0.3)
        policy.locks = flip()
        policy.age = policy.visibility == .age ? .right : pick(SimulatedCachePolicy.Promise.allCases)
        policy.hasAgeOnMiss = flip()
        policy.maxAge = pick(SimulatedCachePolicy.Promise.allCases)
        policy.etag = pick(SimulatedCachePolicy.Promise.allCases)
        policy.variation = pick(SimulatedCachePolicy.Variation.allCases)
        policy.isLimited = flip(0.15)
        if policy.ttl == nil {
            if flip(0.3) { policy.lag = pick([0.05, 1, 5]) }
            policy.isSlowAfterWrite = flip(0.3)
        }
        return policy
    }

    @Test("no claim about a cache is wrong")
    func isNeverWrong() {
        var requests = 0
        var open: [String: Int] = [:]
        let count = Self.complete ?? 20
        for number in 0..<count {
            let policy = Self.policy(number)
            let probe = SimulatedCacheProbe(policy, seed: UInt64(number) &* 104_729 &+ 5)
            requests += probe.requests
            for name in probe.open { open[name, default: 0] += 1 }
            if Self.complete != nil {
                print(
                    policy, "|", probe.requests, "requests", Int(probe.seconds), "s | open:", probe.open,
                    probe.result.ttlSeconds.evidence)
            }
            #expect(probe.errors.isEmpty, "\(number) \(policy): \(probe.errors.joined(separator: "; "))")
        }
        if Self.complete != nil { print(count, "policies", requests, "requests; open:", open) }
    }

    @Test("a cache with a visible status is fully characterised", arguments: [1.0, 5, 60], [false, true])
    func isComplete(ttl: Double, isPerUser: Bool) {
        var policy = SimulatedCachePolicy(ttl: ttl, isPerUser: isPerUser)
        policy.isPrivate = isPerUser
        (policy.etag, policy.maxAge, policy.variation, policy.locks) = (.right, .right, .right, true)
        let probe = SimulatedCacheProbe(policy, seed: UInt64(ttl) + 17)
        #expect(probe.errors.isEmpty, "\(probe.errors)")
        #expect(probe.open.isEmpty, "\(probe.open) \(probe.result)")
        #expect(probe.result.end == .complete)
    }

    @Test("a shared cache of private data is a leak", arguments: [false, true])
    func findsLeak(invalidates: Bool) {
        var policy = SimulatedCachePolicy(ttl: 5, invalidates: invalidates)
        policy.isPrivate = true
        let probe = SimulatedCacheProbe(policy, seed: 3)
        #expect(probe.result.leaks.value == true)
        #expect(probe.result.scope.value == "shared")
        #expect(probe.errors.isEmpty, "\(probe.errors)")
    }

    @Test("a slow read that restores an old value is found")
    func findsRace() {
        var policy = SimulatedCachePolicy(ttl: 60, races: true)
        policy.isPerUser = true
        let probe = SimulatedCacheProbe(policy, seed: 9)
        #expect(probe.result.refillRace.value == true)
        #expect(probe.errors.isEmpty, "\(probe.errors)")
    }

    @Test("the probe waits after a denied read and draws no conclusion from it")
    func waitsForLimiter() {
        let policy = SimulatedCachePolicy(ttl: 60, isLimited: true)
        let probe = SimulatedCacheProbe(policy, seed: 5)
        #expect(probe.result.denials > 0)
        #expect(probe.result.present.value == true)
        #expect(probe.errors.isEmpty, "\(probe.errors)")
    }

    @Test("the budget is kept", arguments: [1, 7, 40, 150], [1.0, 20, 100])
    func keepsBudget(requests: Int, seconds: Double) {
        for invalidates in [false, true] {
            let policy = SimulatedCachePolicy(ttl: 5, invalidates: invalidates)
            var options = CacheProbeOptions(requests: requests, seconds: seconds)
            options.users = 2
            let probe = SimulatedCacheProbe(policy, seed: 3, options: options)
            #expect(probe.requests <= requests)
            #expect(probe.seconds <= seconds + 1)
            #expect(probe.errors.isEmpty, "\(probe.errors)")
        }
    }

    @Test("a server error ends the probe")
    func stopsAtServerError() {
        var probe = CacheProbe(CacheProbeOptions(requests: 100, seconds: 100))
        guard case .send(let volley) = probe.next(at: 0) else {
            Issue.record("the probe does not begin with a request")
            return
        }
        probe.record(volley.requests.map { CacheExchange(action: $0.action, sent: 0, received: 0.01, status: 503) })
        #expect(probe.next(at: 0.01) == .finish)
        #expect(probe.result.end == .serverError)
        #expect(probe.result.present.value == nil)
    }
}
