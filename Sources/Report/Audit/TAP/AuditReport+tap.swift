import Audit

extension AuditReport {
    /// Test Anything Protocol, version 14: one test point per audit.
    package static var tap: AuditReport {
        AuditReport("tap") { result, _ in TestPoint.document(result.findings.map(TestPoint.init)) }
    }
}
