import Trace

/// The verdicts on one trace.
package struct AuditResult: Sendable {
    /// The traces' paths.
    package var traces: [String]
    package var requests: Int
    /// The bound on the clock offset, in nanoseconds. Every interval was widened by it.
    package var clockBound: Nanoseconds
    package var findings: [AuditFinding] = []

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
            findings.append(audit.admissions.named("\(policy) admissions"))
            findings.append(audit.denials.named("\(policy) denials"))
        }
        if plan.checksPromises {
            let audit = PromiseAudit(keyed, steps: plan.limitedSteps)
            findings.append(audit.waits.named("Retry-After"))
            findings.append(audit.remaining.named("remaining count"))
        }
        if let promise = plan.freshness { findings += FreshnessAudit(keyed, promise).findings }
        if let promise = plan.stampede {
            findings.append(
                StampedeAudit.finding(keyed, promise).named("at most \(counted(promise.limit, "read")) per fill"))
        }
        for index in findings.indices { findings[index].qualify(clockBound: clockBound, gap: gap) }
    }

    /// The worst verdict; undecided if nothing was audited.
    package var worst: AuditVerdict { findings.worst ?? .undecided }
}
