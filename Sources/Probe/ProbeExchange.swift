/// A request with its response, as far as a limiter shows in it.
package struct ProbeExchange: Equatable, Sendable {
    package enum Outcome: Sendable {
        case admitted, denied
        /// No response, or one that does not show whether the limiter counted the request.
        case uncertain
        /// The server failed (5xx). The probe stops.
        case serverError
    }

    /// Seconds since the probe began: before the first byte was written.
    package var sent: Double
    /// After the response was read.
    package var received: Double
    package var outcome: Outcome
    package var promise: LimitPromise

    package init(
        sent: Double, received: Double, outcome: Outcome, promise: LimitPromise = LimitPromise()
    ) {
        self.sent = sent
        self.received = received
        self.outcome = outcome
        self.promise = promise
    }
}
