import Scenario
import ScenarioRunner

extension TracePlan {
    /// What a scenario's audit needs.
    /// - Parameter steps: the ids of the load's steps.
    init(_ audit: RequestedAudit, steps: [String], scope: RunScope) {
        self.init(
            steps: steps.map { id in
                guard audit.subject.steps.contains(id) else { return nil }
                // Most limits need no more than the status, which is recorded at full speed.
                if case .rateLimit(let limit) = audit.subject, limit.key == nil, !limit.checksPromises {
                    return .outcomes { limit.outcome(of: $0) }
                }
                return .audited(StepAuditor(audit: audit, step: id, scope: scope))
            })
    }
}

/// Applies an audit of a scenario to the requests of a step.
private struct StepAuditor: RequestAuditor {
    let audit: RequestedAudit
    let step: String
    let scope: RunScope
    /// Whether the audit depends on variables that may differ between users or iterations.
    private let hasTemplates: Bool
    private let interest: HeaderInterest

    init(audit: RequestedAudit, step: String, scope: RunScope) {
        self.audit = audit
        self.step = step
        self.scope = scope
        hasTemplates = !audit.subject.expressions.isEmpty
        interest = HeaderInterest(audit.subject.headerNames)
    }

    func requests(_ request: UnsafeRawBufferPointer, iteration: UserIteration) -> [AuditedRequest]? {
        try? audit.requests(
            of: step, body: { Self.body(of: request) },
            in: hasTemplates ? scope.sideScope(for: iteration) : scope.constant)
    }

    func response(_ received: borrowing ReceivedResponse) -> Response { Response(received, headers: interest) }

    /// What follows the empty line.
    private static func body(of request: UnsafeRawBufferPointer) -> [UInt8]? {
        let end: [UInt8] = Array("\r\n\r\n".utf8)
        guard request.count >= end.count else { return nil }
        for index in 0...request.count - end.count where request[index..<index + end.count].elementsEqual(end) {
            return Array(request[(index + end.count)...])
        }
        return nil
    }
}

extension RequestedAudit.Subject {
    /// The header fields of a response that it depends on.
    fileprivate var headerNames: [String] {
        switch self {
        case .rateLimit(let settings): settings.checksPromises ? RateLimitFields.names : []
        case .freshness: []
        case .stampede(let settings): settings.miss.headerNames
        }
    }
}
