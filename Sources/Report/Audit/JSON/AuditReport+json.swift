import Audit
import Scenario
import Trace
import Version

extension AuditReport {
    /// JSON, in the format that ``AuditReportSchema`` describes.
    package static var json: AuditReport {
        AuditReport("json") { result, _ in
            try JSON(encoding: AuditDocument(result), first: ["verdict", "format", "audit", "sentence"]).serialized(
                indent: 2) + "\n"
        }
    }
}

/// The structure of the JSON document.
private struct AuditDocument: Encodable {
    var verdict: AuditVerdict
    var format = AuditReportSchema.identifier
    var gauntletVersion = Release.version
    var traces: [String]
    var requests: Int
    var clockBoundMs: Milliseconds
    var audits: [AuditFinding]

    init(_ result: AuditResult) {
        verdict = result.worst
        traces = result.traces
        requests = result.requests
        clockBoundMs = Milliseconds(result.clockBound)
        audits = result.findings
    }
}
