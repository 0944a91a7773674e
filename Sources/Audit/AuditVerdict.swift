/// What a trace shows about a promise.
package enum AuditVerdict: String, Codable, Sendable, CaseIterable, Comparable {
    /// Every history that the trace allows keeps the promise.
    case proved
    /// Some history that the trace allows keeps the promise, and another does not.
    case consistent
    /// Neither was established.
    case undecided
    /// No history that keeps the promise explains the trace.
    case failed

    /// Ordered by what a reader must act on first: a whole has the greatest verdict of its parts.
    package static func < (left: AuditVerdict, right: AuditVerdict) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .proved: 0
        case .consistent: 1
        case .undecided: 2
        case .failed: 3
        }
    }
}
