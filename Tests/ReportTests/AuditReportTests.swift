import Audit
import Scenario
import TestSupport
import Testing

@testable import Report

struct AuditReportTests {
    @Test(
        "an audit is reported in every format",
        arguments: [
            ("text", "audit.txt"), ("json", "audit.json"), ("csv", "audit.csv"), ("junit", "audit.junit.xml"),
            ("tap", "audit.tap"),
        ])
    func golden(format: String, file: String) throws {
        let format = try #require(AuditResult.formats.first { $0.name == format })
        try Golden.expect(try format.render(SampleAudits.result), matches: file)
    }

    @Test("every format has a golden file")
    func formats() {
        #expect(AuditResult.formats.map(\.name) == ["text", "json", "csv", "junit", "tap"])
    }

    @Test("the JSON report follows its schema, and every verdict is the first member of its object")
    func schema() throws {
        let schema = try JSONDocument(parsing: Array(AuditReportSchema.text.utf8)).root
        #expect(schema["$id"]?.string == AuditReportSchema.identifier)
        let report = try JSONDocument(parsing: Array(AuditReport.json.render(SampleAudits.result).utf8)).root.value
        var checker = SchemaChecker(schema.value)
        checker.check(report)
        #expect(checker.problems == [])
        guard case .object(let members) = report, case .array(let audits)? = members["audits"] else {
            Issue.record("no audits")
            return
        }
        #expect(members.keys.first == "verdict" && audits.count == 6)
        for case .object(let audit) in audits { #expect(audit.keys.first == "verdict") }
    }

    @Test("load and audit reports describe audits alike")
    func definitions() throws {
        let texts = [LoadReportSchema.text, AuditReportSchema.text]
        let definitions = try texts.map { try JSONDocument(parsing: Array($0.utf8)).root["$defs"]?["audit"]?.value }
        #expect(definitions[0] != nil && Set(definitions).count == 1)
    }
}
