import Audit
import Scenario

extension AuditReport {
    /// For a terminal or a log.
    package static var text: AuditReport { AuditReport("text") { AuditText(style: $1).text(of: $0) + "\n" } }
}

/// Formats an audit's result as text.
private struct AuditText {
    /// Maximum number of witnesses printed per verdict; the JSON report has more.
    private static let mostWitnesses = 8

    let style: TextStyle

    func text(of result: AuditResult) -> String {
        let clocks = result.clockBound > 0 ? " · clocks within \(NumberText.time(result.clockBound))" : ""
        let facts = "\(NumberText.count(result.requests)) requests\(clocks)"
        var lines = ["\(style(.bold, result.traces.joined(separator: ", ")))  \(style(.dim, facts))"]
        for entry in result.entries {
            lines += ["", "\(mark(entry.finding.verdict)) \(style(.bold, entry.name))"]
            lines.append("  " + DiagnosticRenderer.printable(entry.finding.sentence))
            if let resolution = entry.finding.resolution { lines.append("  " + style(.dim, resolution)) }
            lines += witnesses(entry.finding) + curve(entry.finding) + fills(entry.finding)
        }
        return lines.joined(separator: "\n")
    }

    private func mark(_ verdict: AuditVerdict) -> String {
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

    /// How often reads were stale by the time since the last write; nothing if none was.
    private func curve(_ finding: AuditFinding) -> [String] {
        guard finding.curve.contains(where: { $0.stale > 0 }) else { return [] }
        var table = TextTable()
        table.rows.append(["    since the last write", "reads", "stale", "share", "95% interval"])
        for bin in finding.curve {
            let from = NumberText.time(UInt64(bin.from))
            table.rows.append([
                "    " + (bin.to.map { "\(from) to \(NumberText.time(UInt64($0)))" } ?? "\(from) or more"),
                NumberText.count(bin.reads), NumberText.count(bin.stale),
                NumberText.share(bin.stale, of: bin.reads),
                "\(percent(bin.interval.lowerBound)) to \(percent(bin.interval.upperBound))",
            ])
        }
        return [""] + table.lines
    }

    private func percent(_ share: Double) -> String { NumberText.fixed(100 * share, 2) + "%" }

    private func fills(_ finding: AuditFinding) -> [String] {
        guard finding.fills.contains(where: { $0.misses > 1 }) else { return [] }
        var table = TextTable()
        table.rows.append(["    reads that reached the origin", "fills"])
        for count in finding.fills {
            table.rows.append(["    " + NumberText.count(count.misses), NumberText.count(count.fills)])
        }
        return [""] + table.lines
    }

    /// Seconds since the start of the trace, with microsecond precision.
    private static func instant(_ time: Int64) -> String { NumberText.fixed(Double(time) / 1e9, 6) + " s" }
}
