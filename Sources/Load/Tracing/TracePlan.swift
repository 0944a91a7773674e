import Trace

/// What a trace records of a run's requests.
package struct TracePlan: Sendable {
    /// What is recorded of a step's requests.
    package struct Step: Sendable {
        package var operation = TraceRecord.Operation.none
        /// Whether the key is rendered. By default it is the client's address.
        package var hasKey = false
        package var value = ValueSource.none
        /// The outcome of a response with a status; nil if such responses say nothing and are not recorded.
        package var outcome: @Sendable (_ status: Int) -> TraceRecord.Outcome?
        /// Whether a request without a response is recorded.
        package var recordsUnknown = true

        package init(outcome: @escaping @Sendable (Int) -> TraceRecord.Outcome? = Self.outcome) {
            self.outcome = outcome
        }

        /// The outcome if nothing is known about the limiter: 429 is a refusal, and only success shows that the limiter
        /// let the request pass.
        package static func outcome(_ status: Int) -> TraceRecord.Outcome? {
            switch status {
            case 200..<400: .admitted
            case 429: .denied
            default: .other
            }
        }
    }

    package enum ValueSource: Sendable {
        case none
        /// The value that the request writes.
        case request
        /// The value that the response shows.
        case response
    }

    /// By number of the step in the load's plan; nil for steps that are not recorded.
    package var steps: [Step?]
    /// Finds keys and values; nil if no step has any.
    package var subjects: (any TraceSubjects)?

    package init(steps: [Step?], subjects: (any TraceSubjects)? = nil) {
        self.steps = steps
        self.subjects = subjects
    }

    /// Records all requests, with the clients' addresses as keys.
    package static func everything(_ plan: LoadPlan) -> TracePlan { TracePlan(steps: plan.steps.map { _ in Step() }) }
}

/// Finds the keys and values of requests for a trace. Called only for the steps that have them.
package protocol TraceSubjects: Sendable {
    /// The key of a request that is about to be sent; nil if it cannot be rendered.
    func key(step: Int, iteration: UserIteration) -> String?

    /// The value that a request writes; nil if it writes none.
    /// - Parameter request: head and body as sent.
    func value(ofRequest request: UnsafeRawBufferPointer, step: Int, iteration: UserIteration) -> String?

    /// The value that a response shows; nil if it shows none.
    func value(of response: borrowing ReceivedResponse, step: Int) -> String?
}
