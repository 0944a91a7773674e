import Audit

extension AuditReport {
    /// CSV (RFC 4180), with a row for each witness, and one for a finding without witnesses.
    package static var csv: AuditReport {
        AuditReport("csv") { result, _ in
            let header = [
                "verdict", "audit", "sentence", "resolution", "examined", "breaches", "key", "sent_ms", "received_ms",
                "what",
            ]
            return CSVText(rows: [header] + result.findings.flatMap(rows)).text
        }
    }

    private static func rows(_ finding: AuditFinding) -> [[String]] {
        let facts = [
            finding.verdict.rawValue, finding.audit, finding.sentence, finding.resolution ?? "",
            "\(finding.examined)", "\(finding.breaches)",
        ]
        guard !finding.witnesses.isEmpty else { return [facts + ["", "", "", ""]] }
        return finding.witnesses.map { witness in
            facts + [
                witness.key, milliseconds(witness.sent), witness.received.map(milliseconds) ?? "", witness.what ?? "",
            ]
        }
    }

    private static func milliseconds(_ time: Int64) -> String { NumberText.milliseconds(Double(time)) }
}
