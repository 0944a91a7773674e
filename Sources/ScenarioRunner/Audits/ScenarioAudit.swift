import Audit
import Scenario

/// The result of one audit of a scenario's requests.
package struct ScenarioAudit: Sendable {
    package var finding: AuditFinding
    /// Where the file asks for it.
    package var range: Range<Int>

    package init(_ finding: AuditFinding, range: Range<Int>) {
        self.finding = finding
        self.range = range
    }

    /// What was audited, such as `sliding-window:5/10s admissions`.
    package var name: String { finding.audit }

    package var outcome: Outcome { finding.verdict.outcome }

    /// Maximum number of witnesses in a message.
    private static let mostWitnesses = 8

    /// The audit as a failure of its scenario; nil if it passed.
    package func failure(in file: SourceFile) -> Failure? {
        guard outcome > .skipped else { return nil }
        var notes = [Diagnostic.Note("actual", finding.sentence)]
        if let resolution = finding.resolution { notes.append(.init("resolution", resolution)) }
        notes += finding.witnesses.prefix(Self.mostWitnesses).map { .init("witness", $0.text) }
        let more = finding.witnesses.count - Self.mostWitnesses
        if more > 0 { notes.append(.init("witness", "\(more) more")) }
        let verdict = finding.verdict == .failed ? "failed" : "is undecided"
        return Failure(
            diagnostic: Diagnostic(.audit, "the audit \"\(name)\" \(verdict)", in: file, at: range, notes: notes),
            exchange: nil, isError: outcome == .errored)
    }

    func redacted(by secrets: Secrets) -> ScenarioAudit {
        var copy = self
        copy.finding.sentence = secrets.redact(finding.sentence)
        for index in finding.witnesses.indices {
            copy.finding.witnesses[index].key = secrets.redact(finding.witnesses[index].key)
            copy.finding.witnesses[index].what = finding.witnesses[index].what.map { secrets.redact($0) }
        }
        return copy
    }
}

extension AuditVerdict {
    package var outcome: Outcome {
        switch self {
        case .proved, .consistent: .passed
        case .undecided: .errored
        case .failed: .failed
        }
    }
}

extension AuditFinding.Witness {
    /// `127.0.0.9: sent at 0.001234 s, received at 0.002 s`.
    fileprivate var text: String {
        let subject = [key.isEmpty ? nil : key, what].compactMap(\.self).joined(separator: ", ")
        let times =
            "sent at \(Self.seconds(sent)), " + (received.map { "received at \(Self.seconds($0))" } ?? "no response")
        return subject.isEmpty ? times : "\(subject): \(times)"
    }

    /// Seconds since the first request, to the microsecond.
    private static func seconds(_ nanoseconds: Int64) -> String {
        let microseconds = nanoseconds / 1_000
        let fraction = String(microseconds % 1_000_000)
        return "\(microseconds / 1_000_000).\(String(repeating: "0", count: 6 - fraction.count))\(fraction) s"
    }
}
