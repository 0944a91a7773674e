import TestSupport
import Testing
import Trace

@testable import Audit

/// Limiters whose decision times are known: no verdict contradicts what they really did.
@Suite struct LimiterSimulationTests {
    /// One random trace, and what really happened.
    private struct Run {
        var limiter: SimulatedLimiter
        var records: [TraceRecord] = []
        var admitted: [Int64] = []
        var denied: [Int64] = []
        var overlap: Int64

        init(_ kind: SimulatedLimiter.Kind, _ fault: SimulatedLimiter.Fault, _ random: inout SeededGenerator) {
            let length = random.int(100...1000)
            overlap = Simulation.overlaps[Int(random.int(0...Int64(Simulation.overlaps.count - 1)))]
            limiter = SimulatedLimiter(
                kind, fault, limit: Int(random.int(1...5)), length: length, phase: random.int(0...length - 1))
            let gap = max(1, 2 * length / Int64(limiter.limit) / random.int(1...4))
            var now: Int64 = 10_000
            for _ in 0..<random.int(1...40) {
                now += random.int(0...gap)
                let isAdmitted = limiter.admits(at: now)
                if isAdmitted { admitted.append(now) } else { denied.append(now) }
                // Some responses are lost, and some say nothing.
                let outcome: TraceRecord.Outcome =
                    switch random.int(0...29) {
                    case 0: .unknown
                    case 1: .other
                    default: isAdmitted ? .admitted : .denied
                    }
                let interval = Simulation.interval(around: now, width: length * overlap / 100, &random)
                records.append(Simulation.record(interval, outcome: outcome))
            }
        }
    }

    @Test(
        "no limiter is wrongly failed or proved",
        arguments: SimulatedLimiter.Kind.allCases, SimulatedLimiter.Fault.allCases)
    func admissions(kind: SimulatedLimiter.Kind, fault: SimulatedLimiter.Fault) {
        var random = SeededGenerator(seed: 11)
        var shares = VerdictShares()
        var (failures, wrongDenials) = (0, 0)
        for number in 0..<Simulation.traces {
            let run = Run(kind, fault, &random)
            let audit = RateLimitAudit(KeyedTrace(Simulation.trace(run.records)), run.limiter.policy)
            let complies = run.limiter.complies(run.admitted)
            shares.note(audit.admissions.verdict, overlap: run.overlap)
            switch audit.admissions.verdict {
            case .failed:
                failures += 1
                #expect(!complies, "trace \(number) of a compliant server failed: \(run)")
            case .proved: #expect(complies, "trace \(number) of a server that did not comply was proved: \(run)")
            case .consistent, .undecided: break
            }
            guard audit.denials.verdict == .failed else { continue }
            wrongDenials += 1
            let isWrong = run.denied.contains { run.limiter.hasRoom(at: $0, after: run.admitted) }
            #expect(isWrong, "trace \(number): all denials were right: \(run)")
        }
        // A check that never fails a faulty server proves nothing.
        if fault == .absent { #expect(failures > Simulation.traces / 50, "\(failures)") }
        if fault == .offByOne { #expect(failures > 0) }
        if fault == .strict { #expect(wrongDenials > Simulation.traces / 50, "\(wrongDenials)") }
        if fault == .none { #expect(failures == 0 && shares.seen.contains(.consistent)) }
        shares.print("\(kind), \(fault)")
    }
}
