import Foundation
import Probe
import Testing

@Suite("Probing simulated limiters")
struct SimulationTests {
    /// Every kind, limit and window, exact and leaky.
    static let policies: [SimulatedPolicy] = {
        var policies: [SimulatedPolicy] = []
        for kind in SimulatedPolicy.Kind.allCases {
            for limit in [1, 5, 20, 100, 1000] {
                for window in [1.0, 10, 60] {
                    for leaks in kind == .delay ? [false] : [false, true] {
                        policies.append(SimulatedPolicy(kind: kind, limit: limit, window: window, leaks: leaks))
                    }
                }
            }
        }
        return policies
    }()

    private static let keys: [Set<String>] = [
        ["address"], ["credential"], ["route"], [], ["address", "credential"], ["forwarded"], ["method"],
    ]

    /// All of them take minutes, so ordinary runs take a few; `PROBE_MATRIX=1` takes all and prints a line for each.
    /// The value is the number of seeds.
    static let seeds = ProcessInfo.processInfo.environment["PROBE_MATRIX"].map { Int($0) ?? 1 }

    @Test(
        "no claim about a limiter is wrong, whatever its kind, limit, window and key",
        .enabled(if: seeds != nil), arguments: SimulatedPolicy.Kind.allCases, [false, true])
    func isNeverWrong(kind: SimulatedPolicy.Kind, leaks: Bool) {
        for (number, policy) in Self.policies.enumerated() where policy.kind == kind && policy.leaks == leaks {
            for seed in 0..<(Self.seeds ?? 0) {
                var policy = policy
                policy.key = Self.keys[(number + seed) % Self.keys.count]
                policy.promises = (number + seed).isMultiple(of: 3)
                policy.countsErrors = (number + seed).isMultiple(of: 2)
                let probe = SimulatedProbe(
                    policy, seed: UInt64(number + 1000 * seed) &* 7919 &+ 1, hiccups: !seed.isMultiple(of: 2))
                print(policy, probe.requests, "requests", Int(probe.seconds), "s", probe.result.kinds)
                #expect(probe.errors.isEmpty, "\(policy): \(probe.errors.joined(separator: "; "))")
            }
        }
    }

    @Test("a limit of 5 per 10 s is found for every kind that counts", arguments: SimulatedPolicy.Kind.allCases)
    func findsKind(kind: SimulatedPolicy.Kind) {
        let policy = SimulatedPolicy(kind: kind, limit: 5, window: 10)
        let probe = SimulatedProbe(policy, seed: 11)
        #expect(probe.errors.isEmpty, "\(policy): \(probe.errors.joined(separator: "; "))")
        #expect(probe.result.kinds.count == 1)
        #expect(probe.requests < 500)
    }

    @Test("a limiter that leaks is not exact, and the evidence names the worst burst")
    func findsLeak() {
        let probe = SimulatedProbe(
            SimulatedPolicy(kind: .slidingWindow, limit: 5, window: 10, leaks: true), seed: 5)
        #expect(probe.errors.isEmpty, "\(probe.errors.joined(separator: "; "))")
        #expect(probe.result.exact.value == false)
        #expect(probe.result.exact.evidence.contains("bursts exceeded the limit of 5, at worst by"))
    }

    @Test("a limit of 1 is found although several kinds are the same then")
    func findsLimitOfOne() {
        let probe = SimulatedProbe(SimulatedPolicy(kind: .fixedWindow, limit: 1, window: 10), seed: 2)
        #expect(probe.errors.isEmpty, "\(probe.errors.joined(separator: "; "))")
        #expect(probe.result.limit.value == 1)
        #expect(probe.result.window.value == 10)
        #expect(Set(probe.result.kinds).isSuperset(of: ["fixed-window", "sliding-window", "token-bucket"]))
    }

    @Test("pauses of 50 ms do not lead to wrong claims", arguments: [SimulatedPolicy.Kind.fixedWindow, .alignedWindow])
    func survivesHiccups(kind: SimulatedPolicy.Kind) {
        let policy = SimulatedPolicy(kind: kind, limit: 5, window: 10)
        let probe = SimulatedProbe(policy, seed: 3, hiccups: true)
        #expect(probe.errors.isEmpty, "\(policy): \(probe.errors.joined(separator: "; "))")
    }

    @Test("a server that is slow on connections in use is not taken for a queue")
    func slowConnections() {
        let policy = SimulatedPolicy(kind: .slidingWindow, limit: 5, window: 10)
        let probe = SimulatedProbe(policy, seed: 5, slowness: 0.04)
        #expect(probe.errors.isEmpty, "\(probe.errors)")
        #expect(probe.result.kind.value == "sliding-window" && probe.result.limit.value == 5)
    }

    @Test("the budget is kept", arguments: [1, 7, 40, 120])
    func keepsBudget(requests: Int) {
        let policy = SimulatedPolicy(kind: .slidingWindow, limit: 20, window: 10)
        let probe = SimulatedProbe(policy, seed: 3, options: ProbeOptions(requests: requests, seconds: 60))
        #expect(probe.requests <= requests)
        #expect(probe.seconds <= 61)
        #expect(probe.errors.isEmpty)
    }

    @Test("a window longer than the budget has a lower bound")
    func boundsLongWindow() {
        let policy = SimulatedPolicy(kind: .fixedWindow, limit: 5, window: 3600)
        let probe = SimulatedProbe(policy, seed: 3, options: ProbeOptions(requests: 500, seconds: 120))
        #expect(probe.errors.isEmpty)
        #expect(probe.result.present.value == true)
        #expect(probe.result.window.value == nil)
        #expect(probe.result.window.evidence.hasPrefix("longer than "))
    }
}
