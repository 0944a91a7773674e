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
    /// - Parameter traces: the files that the trace was read from.
    package init(of trace: consuming RequestTrace, from traces: [String], _ plan: AuditPlan) {
        self.traces = traces
        requests = trace.records.count
        clockBound = plan.clockBound
        trace.widen(by: clockBound)
        let gap = trace.gap
        let keyed = KeyedTrace(trace)
        for policy in plan.rateLimits {
            let audit = RateLimitAudit(keyed, policy, steps: plan.limitedSteps)
            entries.append(Entry(name: "\(policy) admissions", finding: audit.admissions))
            entries.append(Entry(name: "\(policy) denials", finding: audit.denials))
        }
        if plan.checksPromises {
            let audit = PromiseAudit(keyed, steps: plan.limitedSteps)
            entries.append(Entry(name: "Retry-After", finding: audit.waits))
            entries.append(Entry(name: "remaining count", finding: audit.remaining))
        }
        if let promise = plan.freshness { entries += FreshnessAudit(keyed, promise).entries }
        if let promise = plan.stampede {
            entries.append(
                Entry(
                    name: "at most \(counted(promise.limit, "read")) per fill",
                    finding: StampedeAudit.finding(keyed, promise)))
        }
        for index in entries.indices { entries[index].finding.qualify(clockBound: clockBound, gap: gap) }
    }

    /// The worst verdict; undecided if nothing was audited.
    package var worst: AuditVerdict { entries.map(\.finding.verdict).max() ?? .undecided }
}
