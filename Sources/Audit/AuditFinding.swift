/// One audit's verdict with its evidence.
package struct AuditFinding: Equatable, Sendable {
    package struct Witness: Equatable, Sendable {
        package var key: String
        /// Nanoseconds since the trace began.
        package var sent: Int64
        /// Nil without a response.
        package var received: Int64?
        /// What the request did, for audits of reads and writes: `read "3"`.
        package var what: String?
    }

    package var verdict: AuditVerdict
    /// What was observed and what was promised.
    package var sentence: String
    /// What limits the precision, if other histories that the trace allows do not comply.
    package var resolution: String?
    package var witnesses: [Witness] = []
    /// The number of requests examined.
    package var examined: Int
    /// The number of breaches: keys for a limit's admissions, requests for denials and reads, objects for
    /// linearizability.
    package var breaches = 0

    /// The most witnesses shown.
    package static let mostWitnesses = 20
}
