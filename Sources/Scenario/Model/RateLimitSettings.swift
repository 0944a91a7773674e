import Trace

/// A rate limit that the server promises, and the requests that it applies to.
package struct RateLimitSettings: Sendable {
    /// Ids of the request steps that the limit applies to.
    package var steps: [String]
    /// What the server limits by; nil for the client's address.
    package var key: Template?
    package var policy: PolicyTemplate
    /// Statuses with which the limiter refuses a request.
    package var denied = StatusSet([429...429])
    /// Statuses of requests that the limiter let pass and counted.
    package var admitted = StatusSet([200...399])
    /// Statuses of requests that the limiter does not count.
    package var ignored = StatusSet([])
    /// Whether `Retry-After` and the remaining counts in responses are compared with what happened.
    package var checksPromises = false
    /// Byte offsets in the file.
    package var range: Range<Int>

    package init(steps: [String], key: Template? = nil, policy: PolicyTemplate, range: Range<Int>) {
        self.steps = steps
        self.key = key
        self.policy = policy
        self.range = range
    }

    /// The limiter's decision as a response shows it; nil if the limiter does not count the request.
    package func outcome(of status: Int) -> TraceRecord.Outcome? {
        if ignored.contains(status) { return nil }
        if denied.contains(status) { return .denied }
        return admitted.contains(status) ? .admitted : .other
    }
}
