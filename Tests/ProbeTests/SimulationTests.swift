import Foundation
import Probe
import Testing

@Suite("Probing simulated limiters")
struct SimulationTests {
    /// Every kind, limit and window, exact and leaky, each with one of the keys in turn.
    static let policies: [SimulatedPolicy] = {
        let keys: [Set<String>] = [
            ["address"], ["credential"], ["route"], [], ["address", "credential"], ["forwarded"], ["method"],
        ]
        var policies: [SimulatedPolicy] = []
        for kind in SimulatedPolicy.Kind.allCases {
            for limit in [1, 5, 20, 100, 1000] {
                for window in [1.0, 10, 60] {
                    for leaks in kind == .delay ? [false] : [false, true] {
                        policies.append(
                            SimulatedPolicy(
                                kind: kind, limit: limit, window: window, leaks: leaks,
                                key: keys[policies.count % keys.count], promises: policies.count.isMultiple(of: 3)))
                    }
                }
            }
        }
        return policies
    }()

    /// All of them take minutes, so ordinary runs take two; `PROBE_MATRIX=1` takes all and prints a line for each.
    static let isComplete = ProcessInfo.processInfo.environment["PROBE_MATRIX"] != nil

    /// Two of them: one exact, one not.
    private static func isOrdinary(_ policy: SimulatedPolicy) -> Bool {
        policy.limit == 5 && policy.window == 10 && policy.kind == (policy.leaks ? .slidingWindow : .fixedWindow)
    }

    @Test("no claim about a limiter is wrong", arguments: SimulatedPolicy.Kind.allCases, [false, true])
    func isNeverWrong(kind: SimulatedPolicy.Kind, leaks: Bool) {
        for (number, policy) in Self.policies.enumerated() where policy.kind == kind && policy.leaks == leaks {
            guard Self.isComplete || Self.isOrdinary(policy) else { continue }
            let probe = SimulatedProbe(policy, seed: UInt64(number) &* 7919 &+ 1)
            if Self.isComplete {
                print(policy, probe.requests, "requests", Int(probe.seconds), "s", probe.result.kinds)
            }
            if !Self.isComplete { #expect(probe.isComplete) }
            #expect(probe.errors.isEmpty, "\(policy): \(probe.errors.joined(separator: "; "))")
        }
    }

    @Test("the budget is kept", arguments: [1, 7, 40, 300])
    func keepsBudget(requests: Int) {
        let policy = SimulatedPolicy(kind: .slidingWindow, limit: 100, window: 10)
        let probe = SimulatedProbe(policy, seed: 3, options: ProbeOptions(requests: requests, seconds: 60))
        #expect(probe.requests <= requests)
        #expect(probe.seconds <= 61)
        #expect(probe.errors.isEmpty)
    }
}
