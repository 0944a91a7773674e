import Audit
import Scenario

extension AuditReport {
    /// Maximum number of witnesses printed per verdict; the JSON report has more.
    private static let mostWitnesses = 8

    /// The report as text, for a terminal or a log.
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

    /// A row for each witness, with its send and receive times since the start of the trace.
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

    /// Seconds since the start of the trace, with microsecond precision.
    private static func instant(_ time: Int64) -> String { NumberText.fixed(Double(time) / 1e9, 6) + " s" }
}
