/// The finding for one key.
package struct KeyFinding: Equatable, Sendable {
    package var verdict: AuditVerdict
    /// For a failed verdict, the requests that no compliant history explains.
    package var witnesses: [Interval] = []
    /// The most admissions that certainly fell into one stretch of the policy's length, and the most that may have.
    package var certainMost = 0
    package var possibleMost = 0
}
