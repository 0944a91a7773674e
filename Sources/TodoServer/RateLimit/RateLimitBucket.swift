/// A named rate limit, which several routes can share.
package struct RateLimitBucket: Sendable {
    package var name: String
    package var policy: RateLimitPolicy
    /// The value of `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-10).
    let policyField: String
    let admissions: Counter
    let denials: Counter

    package init(name: String, policy: RateLimitPolicy, metrics: Metrics) {
        func counter(_ decision: String) -> Counter {
            metrics.counter(
                "todo_rate_limit_decisions_total", "Requests that a rate limit admitted or denied.",
                labels: ["bucket": name, "decision": decision])
        }
        admissions = counter("admitted")
        denials = counter("denied")
        self.name = name
        self.policy = policy
        self.policyField = "\"\(name)\";q=\(policy.limit);w=\(policy.windowSeconds)"
    }

    /// The value of `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10).
    func field(for admission: Admission) -> String {
        String(capacity: name.utf8.count + 48) { output in
            output.append("\"")
            output.append(name)
            output.append("\";r=")
            output.appendDecimal(admission.remaining)
            output.append(";t=")
            output.appendDecimal(Int(admission.resetSeconds))
        }
    }
}
