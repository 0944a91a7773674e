import Audit
import Scenario

extension XMLWriter {
    /// A suite with a case for each audit. A failed audit is a failure, and an undecided one an error.
    mutating func suite(of findings: [AuditFinding]) {
        let failed = findings.count { $0.verdict == .failed }
        let undecided = findings.count { $0.verdict == .undecided }
        element(
            "testsuite",
            [
                "name": "audits", "tests": "\(findings.count)", "failures": "\(failed)", "errors": "\(undecided)",
                "skipped": "0",
            ]
        ) { writer in
            for finding in findings { writer.write(finding) }
        }
    }

    private mutating func write(_ finding: AuditFinding) {
        let lines = AuditText(style: .plain).explanation(of: finding)
        let problem: String? =
            switch finding.verdict {
            case .failed: "failure"
            case .undecided: "error"
            case .consistent, .proved: nil
            }
        element("testcase", ["name": finding.audit, "classname": "audits"]) { writer in
            let text = "\n" + lines.joined(separator: "\n") + "\n"
            if let problem {
                writer.element(
                    problem, ["message": finding.sentence, "type": finding.verdict.rawValue], text: text)
            } else {
                writer.element("system-out", text: "\(finding.verdict.rawValue)\(text)")
            }
        }
    }
}
