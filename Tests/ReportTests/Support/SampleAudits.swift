import Trace

@testable import Audit

/// A finding of each verdict, with texts that try to break out of a report.
enum SampleAudits {
    static let findings: [AuditFinding] = [
        AuditFinding(
            audit: "sliding-window:2/10s admissions", verdict: .failed,
            sentence:
                "3 requests from 127.0.0.9 were admitted within 9.98 s; the policy allows 2 in any 10 s.",
            witnesses: [
                .init(key: "127.0.0.9", sent: 0, received: 1_200_000),
                .init(key: "127.0.0.9", sent: 4_000_000_000, received: 4_000_900_123),
                .init(key: SampleRun.hostile, sent: 9_979_000_000, received: nil, what: "read \"<b>\""),
            ], examined: 40, breaches: 1),
        AuditFinding(
            audit: "sliding-window:2/10s denials", verdict: .undecided,
            sentence: "The denials could not be checked: the trace is too long for exact arithmetic.", examined: 7),
        AuditFinding(
            audit: "fresh reads", verdict: .consistent, sentence: "None of 12 reads is stale.",
            resolution: "3 reads overlapped a write: for those, either value is correct.", examined: 12),
        AuditFinding(
            audit: "linearizability", verdict: .proved,
            sentence: "For each of 4 objects, one order of all reads and writes explains every read.", examined: 20),
        AuditFinding(
            audit: "reads at most 2 s old", verdict: .failed, sentence: "4 of 13 reads are too old.", examined: 13,
            breaches: 4,
            curve: [
                .init(from: 1_000_000, to: 2_000_000, reads: 10, stale: 4),
                .init(from: 50_000_000_000, to: nil, reads: 3, stale: 0),
            ]),
        AuditFinding(
            audit: "at most 1 read per fill", verdict: .failed,
            sentence: "3 reads reached the origin for one fill; 1 may.", examined: 5, breaches: 1,
            fills: [FillCount(misses: 1, fills: 2), FillCount(misses: 3, fills: 1)]),
    ]

    /// The result of `gauntlet audit`.
    static var result: AuditResult {
        var result = AuditResult(of: RequestTrace(), from: ["trace.csv"], AuditPlan())
        result.clockBound = 2_000_000
        result.requests = 47
        result.findings = findings
        return result
    }
}
