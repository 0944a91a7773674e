import Audit
import Scenario

/// Findings of audits as text. Every report that a terminal shows contains it.
struct AuditText {
    /// Maximum number of witnesses printed per verdict; the JSON report has more.
    private static let mostWitnesses = 8

    let style: TextStyle

    /// The findings, each after an empty line.
    func lines(_ findings: [AuditFinding]) -> [String] {
        findings.flatMap { finding in
            ["", "\(mark(finding.verdict)) \(style(.bold, DiagnosticRenderer.printable(finding.audit)))"]
                + explanation(of: finding)
        }
    }

    /// What was observed, the resolution, and the witnesses, indented.
    func explanation(of finding: AuditFinding) -> [String] {
        var lines = ["  " + DiagnosticRenderer.printable(finding.sentence)]
        if let resolution = finding.resolution {
            lines.append("  " + style(.dim, DiagnosticRenderer.printable(resolution)))
        }
        return lines + witnesses(finding) + curve(finding) + fills(finding)
    }

    private func mark(_ verdict: AuditVerdict) -> String {
        style(verdict.tone, "\(verdict.sign) \(verdict.rawValue)")
    }

    /// A row for each witness, with its send and receive times since the start of the trace.
    private func witnesses(_ finding: AuditFinding) -> [String] {
        guard !finding.witnesses.isEmpty else { return [] }
        var table = TextTable()
        table.rows.append(["    key", "sent", "received", ""])
        for witness in finding.witnesses.prefix(Self.mostWitnesses) {
            table.rows.append([
                "    " + DiagnosticRenderer.printable(witness.key), witness.sentText, witness.receivedText,
                DiagnosticRenderer.printable(witness.what ?? ""),
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
}

extension AuditVerdict {
    var sign: String {
        switch self {
        case .proved, .consistent: "✓"
        case .undecided: "?"
        case .failed: "✗"
        }
    }

    var tone: TextStyle.Tone {
        switch self {
        case .proved, .consistent: .green
        case .undecided: .boldYellow
        case .failed: .boldRed
        }
    }
}

extension AuditFinding.Witness {
    /// When it was sent: seconds since the start of the trace, to the microsecond.
    var sentText: String { Self.text(sent) }

    /// When its response was received; `never` without one.
    var receivedText: String { received.map(Self.text) ?? "never" }

    private static func text(_ time: Int64) -> String { NumberText.fixed(Double(time) / 1e9, 6) + " s" }
}
