/// What the probe found out about a limiter.
package struct LimitFindings: Sendable {
    /// Why the probe ended.
    package enum End: Sendable { case complete, requests, time, serverError, stopped }

    /// Requests sent at the same time.
    package struct Race: Equatable, Sendable {
        package var sent: Int
        package var concurrency: Int
        package var admitted: Int
        /// The requests admitted one after another right before, which count towards the same limit.
        package var before = 0
    }

    package var end = End.complete
    package var requests = 0
    package var seconds = 0.0

    package var present = Finding<Bool>()
    package var kind = Finding<String>()
    /// Every kind that the evidence allows.
    package var kinds: [String] = []
    package var limit = Finding<Int>()
    package var window = Finding<Double>()
    package var burst = Finding<Int>()
    package var rate = Finding<Double>()
    package var key = Finding<String>()
    package var bypass = Finding<Bool>()
    package var exact = Finding<Bool>()
    package var countsDenied = Finding<Bool>()
    /// Whether requests that the server rejects with 4xx count.
    package var countsErrors = Finding<Bool>()
    package var retryAfter = Finding<String>()
    /// Whether the `RateLimit` fields are accurate, wrong, or absent.
    package var fields = Finding<String>()
    /// Whether each instance counts alone.
    package var instances = Finding<String>()

    var isDelayed = false
    var trials: [Trial] = []
    var spendings: [Spending] = []
    var races: [Race] = []

    package init() {}
}

/// A value with the grounds for it.
package struct Finding<Value: Equatable & Sendable>: Equatable, Sendable {
    /// Nil if it is not known.
    package var value: Value?
    package var confidence = Confidence.unknown
    package var evidence = "not examined"

    package init(_ value: Value? = nil, _ confidence: Confidence = .unknown, _ evidence: String = "not examined") {
        self.value = value
        self.confidence = value == nil ? .unknown : confidence
        self.evidence = evidence
    }
}

package enum Confidence: String, Sendable {
    /// Every alternative was refuted.
    case certain
    /// Seen, but not often enough to rule out a coincidence.
    case likely
    case unknown
}
