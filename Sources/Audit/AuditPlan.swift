import Trace

/// What to audit in a trace.
package struct AuditPlan: Equatable, Sendable {
    package var rateLimits: [RateLimitPolicy] = []
    /// The steps to which the limits apply; empty for all.
    package var limitedSteps: Set<String> = []
    /// Whether `Retry-After` and the remaining counts are compared with what happened.
    package var checksPromises = false
    package var freshness: FreshnessPromise?
    package var stampede: StampedePromise?
    /// The bound on the offset between the clocks of the machines that recorded the trace, in nanoseconds.
    package var clockBound: Nanoseconds = 0

    package init() {}

    package var isEmpty: Bool { rateLimits.isEmpty && !checksPromises && freshness == nil && stampede == nil }
}

/// How fresh the reads of objects are meant to be.
package struct FreshnessPromise: Equatable, Sendable {
    /// What a read shows.
    package enum Shape: String, CaseIterable, Sendable {
        /// The latest value written.
        case latest
        /// All values written and not deleted.
        case contains
    }

    package var shape: Shape
    /// How old a value may be, in nanoseconds; nil if reads must be fresh.
    package var timeToLive: Nanoseconds?

    package init(_ shape: Shape, timeToLive: Nanoseconds? = nil) {
        self.shape = shape
        self.timeToLive = timeToLive
    }
}

/// How many reads may reach the origin each time that a cached value is filled.
package struct StampedePromise: Equatable, Sendable {
    /// The most reads that miss for one fill.
    package var limit: Int
    /// The class of reads that reached the origin, and of those that did not.
    package var missClass = "miss"
    package var hitClass = "hit"
    /// How long a value stays cached, in nanoseconds; nil if longer than any response takes.
    package var timeToLive: Nanoseconds?

    package init(limit: Int) { self.limit = limit }
}
