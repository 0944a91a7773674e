import Foundation
import Probe

/// A probe of a simulated server, in simulated time.
struct SimulatedProbe {
    let policy: SimulatedPolicy
    let result: LimitFindings
    let requests: Int
    /// Simulated.
    let seconds: Double
    /// The most CPU seconds that one decision of the probe took.
    let slowest: Double

    static let allVariants: [ProbeClient] = [
        .address(0), .credential(0), .route(0), .method(0), .forwarded(0), .malformed(0),
    ]

    init(
        _ policy: SimulatedPolicy, seed: UInt64, options: ProbeOptions? = nil, roundTrip: Double = 0.002,
        hiccups: Bool = false, slowness: Double = 0
    ) {
        self.policy = policy
        var options = options ?? Self.generous(policy)
        if options.variants.isEmpty { options.variants = Self.allVariants }
        var server = SimulatedServer(policy, seed: seed, roundTrip: roundTrip, hiccups: hiccups, slowness: slowness)
        var probe = LimitProbe(options)
        var now = 0.0
        var slowest = 0.0
        loop: while true {
            let start = clock()
            let experiment = probe.next(at: now)
            slowest = max(slowest, Double(clock() - start) / Double(CLOCKS_PER_SEC))
            switch experiment {
            case .wait(let instant): now = max(now, instant) + 0.0001
            case .send(let volley):
                let exchanges = server.send(volley, at: now)
                now = exchanges.map(\.received).max() ?? now
                probe.record(exchanges)
            case .finish: break loop
            }
        }
        result = probe.result
        requests = probe.requestsSent
        seconds = now
        self.slowest = slowest
    }

    private static func generous(_ policy: SimulatedPolicy) -> ProbeOptions {
        ProbeOptions(requests: 60 * policy.limit + 3000, seconds: 90 * policy.window + 30)
    }

    /// What the probe claims that is not true; empty if all of it is right or left open.
    var errors: [String] {
        var errors: [String] = []
        let isDelay = policy.kind == .delay
        func claim<Value: Equatable & Sendable>(_ name: String, _ finding: Finding<Value>, _ isTrue: (Value) -> Bool) {
            if let value = finding.value, !isTrue(value) { errors.append("\(name) \(value) (\(finding.evidence))") }
        }
        let name = policy.kind == .slidingWindowOfAll ? "sliding-window" : policy.kind.rawValue
        claim("present", result.present) { $0 }
        claim("kind", result.kind) { $0 == name }
        if !result.kinds.isEmpty, !isDelay, !result.kinds.contains(name) { errors.append("kinds \(result.kinds)") }
        if result.kinds.isEmpty, result.present.value == true, !hypothesesEndedEarly {
            errors.append("all kinds refuted: \(result.kind.evidence)")
        }
        if !isDelay { claim("limit", result.limit) { $0 == policy.limit } }
        claim("window", result.window) { abs($0 - policy.window) <= 0.05 * policy.window }
        claim("rate", result.rate) { abs($0 * policy.window - Double(policy.limit)) <= 0.06 * Double(policy.limit) }
        claim("exact", result.exact) { $0 != policy.leaks }
        claim("countsDenied", result.countsDenied) { $0 == (policy.kind == .slidingWindowOfAll) }
        claim("countsErrors", result.countsErrors) { $0 == policy.countsErrors }
        claim("fields", result.fields) {
            $0 == (policy.fields == .none ? "absent" : policy.fields == .accurate ? "accurate" : "wrong")
        }
        claim("retryAfter", result.retryAfter) { $0 == (policy.promises ? "accurate" : "absent") || policy.promises }
        claim("key", result.key) {
            Set($0.split(separator: "+").map(String.init)) == policy.key || ($0 == "global" && policy.key.isEmpty)
        }
        return errors
    }

    private var hypothesesEndedEarly: Bool { result.kind.evidence.contains("too early") }

    /// Whether kind, limit and window or rate were all found.
    var isComplete: Bool {
        result.kind.value != nil && (result.limit.value != nil || result.burst.value != nil)
            && (result.window.value != nil || result.rate.value != nil)
    }
}
