import Foundation
import Probe

/// A probe of a simulated cache, in simulated time.
struct SimulatedCacheProbe {
    let policy: SimulatedCachePolicy
    let result: CacheFindings
    let requests: Int
    /// Simulated.
    let seconds: Double
    /// The most misses of one volley of concurrent reads.
    private(set) var mostMisses = 0
    private(set) var stages: [String] = []

    init(_ policy: SimulatedCachePolicy, seed: UInt64, options: CacheProbeOptions? = nil) {
        self.policy = policy
        var cache = SimulatedCache(policy, seed: seed)
        var probe = CacheProbe(options ?? Self.generous(policy))
        var now = 0.0
        loop: while true {
            switch probe.next(at: now) {
            case .wait(let instant): now = max(now, instant) + 0.0001
            case .send(let volley):
                let exchanges = cache.send(volley, at: now)
                now = exchanges.map(\.received).max() ?? now
                if volley.requests.count > 2 { mostMisses = max(mostMisses, cache.misses) }
                probe.record(exchanges)
            case .finish: break loop
            }
            let stage = probe.currentStage.description
            if stages.last != stage { stages.append(stage) }
        }
        result = probe.result
        requests = probe.requestsSent
        seconds = now
    }

    static func generous(_ policy: SimulatedCachePolicy) -> CacheProbeOptions {
        var options = CacheProbeOptions(
            requests: 1000, seconds: 40 * (policy.ttl ?? 1) + (policy.isLimited ? 1500 : 300))
        options.users = 2
        options.variedFields = ["Accept"]
        return options
    }

    /// What the probe claims that is not true; empty if all of it is right or left open.
    var errors: [String] {
        var errors: [String] = []
        func claim<Value: Equatable & Sendable>(_ name: String, _ finding: Finding<Value>, _ isTrue: (Value) -> Bool) {
            if let value = finding.value, !isTrue(value) { errors.append("\(name) \(value) (\(finding.evidence))") }
        }
        let ttl = policy.ttl
        claim("present", result.present) { $0 == (ttl != nil) }
        claim("visibleBy", result.visibleBy) { isTrue(visibleBy: $0) }
        claim("shape", result.shape) { $0 == (policy.isList ? "contains" : "latest") }
        claim("ttl", result.ttlSeconds) { value in ttl.map { abs(value - $0) <= 0.05 * $0 + 0.02 } ?? false }
        claim("slides", result.slides) { ttl != nil && $0 == (policy.life == .sliding) }
        claim("revalidates", result.revalidates) { ttl != nil && $0 == (policy.life == .revalidating) }
        claim("scope", result.scope) { ttl != nil && $0 == (policy.isPerUser ? "per-user" : "shared") }
        claim("leaks", result.leaks) { $0 == policy.leaks }
        claim("freshAfterWrite", result.freshAfterWrite) { $0 == policy.isFresh }
        claim("readYourWrites", result.readYourWrites) { $0 == policy.showsOwnWrites }
        claim("staleness", result.staleness) { isTrue($0) }
        claim("refillRace", result.refillRace) { $0 == (policy.races && policy.invalidates && ttl != nil) }
        claim("stampede", result.stampede) { $0.misses == mostMisses && (!policy.locks || $0.misses == 1) }
        claim("cacheControl", result.cacheControl) { isTrue(cacheControl: $0) }
        claim("age", result.age) {
            $0 == ["absent": "absent", "right": "accurate", "wrong": "wrong"][policy.age.rawValue]
        }
        claim("etag", result.etag) {
            $0 == ["absent": "absent", "right": "accurate", "wrong": "constant"][policy.etag.rawValue]
        }
        claim("vary", result.vary) { isTrue(vary: $0) }
        return errors
    }

    private func isTrue(visibleBy value: String) -> Bool {
        // Hits also show by their Age, and by their duration unless misses are as fast.
        if value == "Age" { return policy.age != .absent }
        if value == "time" { return policy.visibility != .none }
        return switch policy.visibility {
        case .header: value == "header x-cache-status=HIT"
        case .member: value == "field source=cache"
        case .age, .time, .none: false
        }
    }

    private func isTrue(_ staleness: CacheFindings.Staleness) -> Bool {
        if let lag = policy.lag > 0 ? policy.lag : nil {
            return staleness.longest <= lag * 1.1 && staleness.isTTL == nil
        }
        guard let ttl = policy.ttl, !policy.invalidates else { return false }
        if policy.life == .fixed, staleness.longest > ttl * 1.05 || staleness.isTTL == false { return false }
        return staleness.median <= staleness.longest
    }

    private func isTrue(cacheControl value: String) -> Bool {
        guard policy.ttl != nil else { return false }
        return value == ["absent": "absent", "right": "accurate", "wrong": "too long"][policy.maxAge.rawValue]
    }

    private func isTrue(vary value: String) -> Bool {
        switch policy.variation {
        case .none: value == "unneeded"
        case .right: value == "accurate"
        case .undeclared: value == "undeclared"
        case .ignored: value == (policy.ttl == nil ? "accurate" : "ignored")
        }
    }

    /// The findings that stayed open.
    var open: [String] {
        let values: [(String, Bool)] = [
            ("present", result.present.value == nil), ("visibleBy", result.visibleBy.value == nil),
            ("shape", result.shape.value == nil), ("ttl", result.ttlSeconds.value == nil),
            ("slides", result.slides.value == nil), ("scope", result.scope.value == nil),
            ("leaks", result.leaks.value == nil), ("fresh", result.freshAfterWrite.value == nil),
            ("ownWrites", result.readYourWrites.value == nil), ("race", result.refillRace.value == nil),
            ("stampede", result.stampede.value == nil), ("cacheControl", result.cacheControl.value == nil),
            ("age", result.age.value == nil), ("etag", result.etag.value == nil), ("vary", result.vary.value == nil),
        ]
        return values.filter(\.1).map(\.0)
    }
}
