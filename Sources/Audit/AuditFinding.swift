/// One verdict with its evidence.
package struct AuditFinding: Equatable, Sendable {
    package struct Witness: Equatable, Sendable {
        package var key: String
        /// Nanoseconds since the trace began.
        package var sent: Int64
        /// Nil without a response.
        package var received: Int64?
        /// What the request did, if that matters: `read "3"`.
        package var what: String?
    }

    package var verdict: AuditVerdict
    /// One sentence that says what was seen, and what was promised.
    package var sentence: String
    /// How closely the client's clock lets it be known, if other histories that the trace allows do not comply.
    package var resolution: String?
    package var witnesses: [Witness] = []
    /// Requests that were looked at.
    package var examined: Int
    /// Of them, those that show a breach.
    package var breaches = 0

    /// Witnesses shown at most.
    package static let mostWitnesses = 20
}
