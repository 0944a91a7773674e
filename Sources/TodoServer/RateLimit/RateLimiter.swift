/// A named limit that several routes may share.
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
}

/// Counts the requests of each client against one bucket.
package protocol RateLimiter: Sendable {
    var bucket: RateLimitBucket { get }

    /// Counts a request and says whether it may pass. A denied request does not count and prolongs nothing.
    /// - Parameter key: whose request it is.
    func admit(_ key: String) async -> Admission
}

/// A limiter's answer for one request.
package struct Admission: Sendable, Equatable {
    package var isAdmitted: Bool
    /// How many more requests would be admitted now.
    package var remaining: Int
    /// Milliseconds until the window ends; of a sliding one, until its oldest request no longer counts.
    package var resetMilliseconds: Int64

    package init(isAdmitted: Bool, remaining: Int, resetMilliseconds: Int64) {
        self.isAdmitted = isAdmitted
        self.remaining = remaining
        self.resetMilliseconds = resetMilliseconds
    }

    /// - Parameter count: the requests of the window, this one included.
    package init(count: Int, policy: RateLimitPolicy, resetMilliseconds: Int64) {
        self.init(
            isAdmitted: count <= policy.limit, remaining: max(0, policy.limit - count),
            resetMilliseconds: resetMilliseconds)
    }

    /// Whole seconds until the window ends: rounded up, so that who waits as long is not denied again.
    package var resetSeconds: Int64 { max(1, (resetMilliseconds + 999) / 1000) }
}
