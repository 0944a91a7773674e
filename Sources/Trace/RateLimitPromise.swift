/// What a response said about the limit, with the request that it answered.
package struct RateLimitPromise: Equatable, Sendable {
    package var record: TraceRecord
    /// How long the client was told to wait (`Retry-After`); nil if the response does not say.
    package var retryAfter: Nanoseconds?
    /// How many more requests the response said would be admitted (`RateLimit`); nil if it does not say.
    package var remaining: UInt32?

    package init(_ record: TraceRecord, retryAfter: Nanoseconds?, remaining: UInt32?) {
        self.record = record
        self.retryAfter = retryAfter
        self.remaining = remaining
    }
}
