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
