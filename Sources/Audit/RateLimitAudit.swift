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
    package init(_ trace: RequestTrace, _ policy: RateLimitPolicy) {
        self.policy = policy
        let keys = trace.byKey()
        let admissions = keys.map { Admissions($0.records) }
        let names = keys.map { trace.keys[$0.key] }
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
            denials = context.finding(
                admissions.map {
                    WrongDenials($0, limit: limit, length: length, isSliding: kind == .sliding)
                })
        case .tokenBucket(let burst, let tokens, let period):
            let bucket = TokenBucket(burst: burst, tokens: tokens, period: Int64(clamping: period))
            self.admissions = context.finding(admissions.map(bucket.audit), admissions)
            denials = context.finding(admissions.map { WrongDenials($0, bucket) })
        }
    }
}
