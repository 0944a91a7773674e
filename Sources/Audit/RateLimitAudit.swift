import Trace

/// Audits a trace against a rate limit, in both directions.
package struct RateLimitAudit: Sendable {
    package var policy: RateLimitPolicy
    /// Whether more was admitted than the policy allows.
    package var admissions: AuditFinding
    /// Whether a request was denied that the policy allows.
    package var denials: AuditFinding

    /// - Parameters:
    ///   - trace: requests; each key is a client to which the limit applies.
    ///   - policy: the promised limit.
    ///   - steps: the steps to which the limit applies; empty for all.
    package init(_ trace: KeyedTrace, _ policy: RateLimitPolicy, steps: Set<String> = []) {
        self.policy = policy
        let counted = StepFilter(trace.trace, steps)
        let admissions = trace.keys.map { Admissions(trace.records(of: $0), where: counted.includes) }
        let names = trace.keys.map(trace.name)
        let context = RateLimitContext(policy: policy, names: names, start: Int64(clamping: trace.start))
        switch policy {
        case .window(let kind, let limit, let length):
            let length = Int64(clamping: length)
            self.admissions =
                switch kind {
                case .sliding:
                    context.finding(
                        admissions.map { SlidingWindow.audit($0, limit: limit, length: length) }, admissions)
                case .fixed:
                    context.finding(admissions.map { FixedWindow.audit($0, limit: limit, length: length) }, admissions)
                case .aligned:
                    context.finding(AlignedWindow.audit(admissions, limit: limit, length: length), admissions, length)
                case .slidingCounter:
                    context.finding(SlidingCounter.audit(admissions, limit: limit, length: length), admissions, length)
                }
            // A sliding counter weighs the previous window's admissions as if they had been spread evenly, so that those
            // of up to two windows ago may count.
            let reach = kind == .slidingCounter ? 2 * length : length
            denials = context.finding(
                admissions.map {
                    WrongDenials($0, limit: limit, length: reach, isSliding: kind == .sliding)
                })
        case .tokenBucket(let burst, let tokens, let period):
            let bucket = TokenBucket(burst: burst, tokens: tokens, period: Int64(clamping: period))
            self.admissions = context.finding(admissions.map(bucket.audit), admissions)
            denials = context.finding(admissions.map { WrongDenials($0, bucket) })
        }
    }
}
