import Audit
import Scenario

extension AuditReport {
    /// Witnesses printed for each verdict at most; the JSON report has more.
    private static let mostWitnesses = 8

    /// For a terminal or a log.
    package func text(style: TextStyle) -> String {
        var lines = [
            "\(style(.bold, traces.joined(separator: ", ")))  "
                + style(
                    .dim,
                    "\(NumberText.count(requests)) requests"
                        + (clockBound > 0 ? " · clocks within \(NumberText.time(clockBound))" : ""))
        ]
        for entry in entries {
            lines += ["", "\(mark(entry.finding.verdict, style)) \(style(.bold, entry.name))"]
            lines.append("  " + DiagnosticRenderer.printable(entry.finding.sentence))
            if let resolution = entry.finding.resolution { lines.append("  " + style(.dim, resolution)) }
            lines += witnesses(entry.finding)
        }
        return lines.joined(separator: "\n")
    }

    private func mark(_ verdict: AuditVerdict, _ style: TextStyle) -> String {
        switch verdict {
        case .proved: style(.green, "✓ proved")
        case .consistent: style(.green, "✓ consistent")
        case .undecided: style(.boldRed, "? undecided")
        case .failed: style(.boldRed, "✗ failed")
        }
    }

    /// A row for each witness: when it was sent and received since the trace began.
    private func witnesses(_ finding: AuditFinding) -> [String] {
        guard !finding.witnesses.isEmpty else { return [] }
        var table = TextTable()
        table.rows.append(["    key", "sent", "received", ""])
        for witness in finding.witnesses.prefix(Self.mostWitnesses) {
            table.rows.append([
                "    " + DiagnosticRenderer.printable(witness.key), Self.instant(witness.sent),
                witness.received.map(Self.instant) ?? "never", DiagnosticRenderer.printable(witness.what ?? ""),
            ])
        }
        let more = finding.witnesses.count - Self.mostWitnesses
        return table.lines.map { String($0.reversed().drop { $0 == " " }.reversed()) }
            + (more > 0 ? ["    … and \(more) more"] : [])
    }

    /// Seconds since the trace began, to the microsecond.
    private static func instant(_ time: Int64) -> String { NumberText.fixed(Double(time) / 1e9, 6) + " s" }
}
