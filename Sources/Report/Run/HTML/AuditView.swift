import Audit
import Scenario
import ScenarioRunner

/// An audit of a scenario's requests.
struct AuditView {
    let badge: OutcomeBadge
    let verdict: String
    let name: String
    let sentence: String
    let resolution: String?
    /// With the witnesses, unless the audit passed.
    let failure: FailureView?

    init(_ audit: ScenarioAudit, of file: SourceFile, in anchor: String) {
        badge = OutcomeBadge(audit.outcome)
        verdict = audit.finding.verdict.rawValue
        name = audit.name
        sentence = audit.finding.sentence
        resolution = audit.finding.resolution
        failure = audit.failure(in: file).map { FailureView($0, in: anchor, showsCommand: false) }
    }
}
