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
}

/// Counts the requests of each client against one bucket.
package protocol RateLimiter: Sendable {
    var bucket: RateLimitBucket { get }

    /// Counts a request and decides whether to admit it. A denied one does not count and does not extend the window.
    /// - Parameter key: identifies the client.
    func admit(_ key: String) async -> Admission
}

/// A limiter's decision about one request.
package struct Admission: Sendable, Equatable {
    package var isAdmitted: Bool
    /// The number of further requests that would be admitted now.
    package var remaining: Int
    /// Milliseconds until the window ends; for a sliding window, until its oldest admission expires.
    package var resetMilliseconds: Int64

    package init(isAdmitted: Bool, remaining: Int, resetMilliseconds: Int64) {
        self.isAdmitted = isAdmitted
        self.remaining = remaining
        self.resetMilliseconds = resetMilliseconds
    }

    /// - Parameter count: the number of requests in the window, including this one.
    package init(count: Int, policy: RateLimitPolicy, resetMilliseconds: Int64) {
        self.init(
            isAdmitted: count <= policy.limit, remaining: max(0, policy.limit - count),
            resetMilliseconds: resetMilliseconds)
    }

    /// Seconds until the window ends, rounded up so that a client that waits this long is admitted.
    package var resetSeconds: Int64 { max(1, (resetMilliseconds + 999) / 1000) }
}
