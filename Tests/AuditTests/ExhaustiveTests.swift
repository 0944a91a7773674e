import Foundation
import Testing
import TestSupport

@testable import Audit

/// Compares verdicts on small traces with an exhaustive search of the histories that they allow.
@Suite struct ExhaustiveTests {
    /// Can be raised: `AUDIT_TRACES=100000 swift test -c release --filter AuditTests`.
    private static let traces = ProcessInfo.processInfo.environment["AUDIT_TRACES"].flatMap(Int.init) ?? 2000

    private func forEachTrace(
        seed: UInt64, _ body: (SmallHistories, _ limit: Int, _ length: Int64, _ description: String) -> Void
    ) {
        var random = SeededGenerator(seed: seed)
        for number in 0..<Self.traces {
            let history = SmallHistories(&random)
            let (limit, length) = (Int(random.int(1...3)), random.int(2...6))
            body(history, limit, length, "trace \(number) of seed \(seed): \(history.intervals), \(limit)/\(length)")
        }
    }

    @Test("a sliding window's verdict is exact")
    func slidingWindowIsExact() {
        forEachTrace(seed: 1) { history, limit, length, description in
            let truth = history.verdicts { Policy.sliding($0, limit: limit, length: length) }
            let verdict = SlidingWindow.audit(
                Admissions(certain: history.intervals), limit: limit, length: length
            ).verdict
            let expected: AuditVerdict = truth.all ? .proved : truth.some ? .consistent : .failed
            #expect(verdict == expected, "\(description)")
        }
    }

    @Test("a fixed window's verdict is never wrong and rarely undecided")
    func fixedWindowIsSound() {
        var tally = Tally()
        forEachTrace(seed: 2) { history, limit, length, description in
            let truth = history.verdicts { Policy.fixed($0, limit: limit, length: length) }
            let verdict = FixedWindow.audit(
                Admissions(certain: history.intervals), limit: limit, length: length
            ).verdict
            tally.note(verdict, truth, description)
        }
        tally.expect(undecidedAtMost: 0.06)
    }

    @Test("an aligned window's verdict is never wrong and never undecided")
    func alignedWindowIsSound() {
        var tally = Tally()
        forEachTrace(seed: 3) { history, limit, length, description in
            let phases = (0..<length).map { phase in
                history.verdicts { Policy.aligned($0, phase: phase, limit: limit, length: length) }
            }
            let verdict = AlignedWindow.audit(
                [Admissions(certain: history.intervals)], limit: limit, length: length
            ).verdict
            tally.note(
                verdict, (phases.contains { $0.some }, phases.allSatisfy { $0.all }), description)
        }
        tally.expect(undecidedAtMost: 0)
    }

    @Test("a sliding counter's verdict is never wrong")
    func slidingCounterIsSound() {
        var tally = Tally()
        forEachTrace(seed: 4) { history, limit, length, description in
            let phases = (0..<length).map { phase in
                history.verdicts { Policy.slidingCounter($0, phase: phase, limit: limit, length: length) }
            }
            let verdict = SlidingCounter.audit(
                [Admissions(certain: history.intervals)], limit: limit, length: length
            ).verdict
            tally.note(
                verdict, (phases.contains { $0.some }, phases.allSatisfy { $0.all }), description)
        }
        tally.expect(undecidedAtMost: 0.3)
    }

    @Test("a token bucket's verdict is never wrong and rarely undecided")
    func tokenBucketIsSound() {
        var tally = Tally()
        forEachTrace(seed: 5) { history, burst, period, description in
            let tokens = Int64(history.intervals.count % 2 + 1)
            let truth = history.verdicts {
                Policy.bucket($0, burst: Int64(burst), tokens: tokens, period: period)
            }
            let verdict = TokenBucket(burst: burst, tokens: Int(tokens), period: period)
                .audit(Admissions(certain: history.intervals)).verdict
            tally.note(verdict, truth, description)
        }
        tally.expect(undecidedAtMost: 0.06)
    }
}

/// Counts the verdicts and checks each against the truth.
private struct Tally {
    private static let fewest = 20
    private var counts: [AuditVerdict: Int] = [:]

    mutating func note(_ verdict: AuditVerdict, _ truth: (some: Bool, all: Bool), _ description: String) {
        counts[verdict, default: 0] += 1
        switch verdict {
        case .failed: #expect(!truth.some, "failed, but a history complies: \(description)")
        case .proved: #expect(truth.all, "proved, but a history does not comply: \(description)")
        case .consistent: #expect(truth.some, "consistent, but no history complies: \(description)")
        case .undecided: break
        }
    }

    /// Requires that every verdict except undecided occurred: a check that never gives one proves nothing about it.
    func expect(undecidedAtMost share: Double) {
        for verdict in [AuditVerdict.failed, .proved, .consistent] {
            #expect(counts[verdict, default: 0] >= Self.fewest, "\(counts)")
        }
        let all = counts.values.reduce(0, +)
        #expect(Double(counts[.undecided, default: 0]) <= share * Double(all), "\(counts)")
    }
}
