import Audit

extension AuditReport {
    /// JUnit XML with a test case for each audit.
    package static var junit: AuditReport {
        AuditReport("junit") { result, _ in
            var writer = XMLWriter()
            writer.element("testsuites", ["name": "gauntlet audit"]) { $0.suite(of: result.findings) }
            return writer.text
        }
    }
}
