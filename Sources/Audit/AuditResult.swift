import Trace

/// The verdicts on one trace.
package struct AuditResult: Sendable {
    package struct Entry: Sendable {
        /// What was audited, such as `sliding-window:5/10s admissions`.
        package var name: String
        package var finding: AuditFinding
    }

    /// The traces' paths.
    package var traces: [String]
    package var requests: Int
    /// The bound on the clock offset, in nanoseconds. Every interval was widened by it.
    package var clockBound: Nanoseconds
    package var entries: [Entry] = []

    /// Audits a trace.
    ///
    /// - Parameters:
    ///   - traces: the files that the trace was read from.
    ///   - checksFreshness: whether reads and writes are audited too.
    ///   - clockBound: the maximum offset between the clocks of the traces' machines.
    package init(
        of trace: RequestTrace, from traces: [String], rateLimits: [RateLimitPolicy], checksFreshness: Bool,
        clockBound: Nanoseconds
    ) {
        self.traces = traces
        requests = trace.records.count
        self.clockBound = clockBound
        var trace = trace
        trace.widen(by: clockBound)
        for policy in rateLimits {
            let audit = RateLimitAudit(trace, policy)
            entries.append(Entry(name: "\(policy) admissions", finding: audit.admissions))
            entries.append(Entry(name: "\(policy) denials", finding: audit.denials))
        }
        if checksFreshness {
            let audit = FreshnessAudit(trace)
            entries.append(Entry(name: "fresh reads", finding: audit.freshness))
            entries.append(Entry(name: "monotonic reads", finding: audit.monotonic))
            entries.append(Entry(name: "linearizability", finding: audit.linearizability))
        }
    }

    /// The worst verdict; undecided if nothing was audited.
    package var worst: AuditVerdict { entries.map(\.finding.verdict).max() ?? .undecided }
}
