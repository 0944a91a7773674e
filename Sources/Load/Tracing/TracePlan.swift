import Scenario
import ScenarioRunner
import Trace

/// What a trace records of a run's requests.
package struct TracePlan: Sendable {
    /// What is recorded of a step's requests.
    package enum Step: Sendable {
        /// The client's address as the key, and an outcome that depends only on the status; nil if a response with that
        /// status says nothing.
        case outcomes(@Sendable (_ status: Int) -> TraceRecord.Outcome?)
        /// What an audit makes of request and response.
        case audited(any RequestAuditor)
    }

    /// By number of the step in the load's plan; nil for steps that are not recorded.
    package var steps: [Step?]

    package init(steps: [Step?]) { self.steps = steps }

    /// Records all requests. Nothing is known about the limiter except what the status says.
    package static func everything(_ plan: LoadPlan) -> TracePlan {
        TracePlan(steps: plan.steps.map { _ in .outcomes { TraceRecord.Outcome(status: $0) } })
    }
}

/// Finds what the requests of a step mean for an audit.
package protocol RequestAuditor: Sendable {
    /// What a request that is about to be sent is about: one record for each.
    /// - Parameter request: head and body as sent.
    /// - Returns: nil if that cannot be rendered.
    func requests(_ request: UnsafeRawBufferPointer, iteration: UserIteration) -> [AuditedRequest]?

    /// The response, with the parts that the audit needs.
    func response(_ received: borrowing ReceivedResponse) -> Response
}
