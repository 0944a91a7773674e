import Audit
import Scenario
import ScenarioRunner

extension TestPoint {
    /// An audit as a test point. An undecided one is not ok.
    init(_ finding: AuditFinding) {
        var facts: [(String, YAML)] = [
            ("verdict", .literal(finding.verdict.rawValue)), ("message", .text(finding.sentence)),
        ]
        if let resolution = finding.resolution { facts.append(("resolution", .text(resolution))) }
        facts += [("examined", .integer(finding.examined)), ("breaches", .integer(finding.breaches))]
        if !finding.witnesses.isEmpty { facts.append(("witnesses", .list(finding.witnesses.map(YAML.witness)))) }
        self.init(name: "audit: \(finding.audit)", outcome: finding.verdict.outcome, diagnostics: .map(facts))
    }
}

extension YAML {
    fileprivate static func witness(_ witness: AuditFinding.Witness) -> YAML {
        var facts: [(String, YAML)] = [
            ("key", .text(witness.key)), ("sent_ms", .literal(NumberText.milliseconds(Double(witness.sent)))),
        ]
        if let received = witness.received {
            facts.append(("received_ms", .literal(NumberText.milliseconds(Double(received)))))
        }
        if let what = witness.what { facts.append(("what", .text(what))) }
        return .map(facts)
    }
}
