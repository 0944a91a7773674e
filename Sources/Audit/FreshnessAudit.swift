import Trace

/// Audits reads and writes of objects for stale reads.
package struct FreshnessAudit: Sendable {
    /// Stale reads, and reads of values that no write explains.
    package var freshness: AuditFinding
    /// Reads that show a user an older value than an earlier read did.
    package var monotonic: AuditFinding
    package var linearizability: AuditFinding

    /// - Parameter trace: requests; each key is the object read or written.
    package init(_ trace: RequestTrace) {
        let objects = trace.byKey { $0.operation != .none }
        let histories = objects.map { RegisterHistory($0.records) }
        let start = Int64(clamping: trace.start)
        let context = FreshnessContext(
            trace: trace, keys: objects.map { trace.keys[$0.key] }, start: start)
        let findings = histories.map { Freshness($0) }
        freshness = context.freshness(findings)
        monotonic = context.monotonic(findings)
        linearizability = context.linearizability(histories.map(Linearizability.check), histories)
    }
}

/// Combines the findings for all objects into one.
struct FreshnessContext {
    var trace: RequestTrace
    var keys: [String]
    var start: Int64

    func freshness(_ findings: [Freshness]) -> AuditFinding {
        let reads = findings.reduce(0) { $0 + $1.reads }
        let stale = findings.reduce(0) { $0 + $1.stale.count }
        let phantoms = findings.reduce(0) { $0 + $1.phantoms.count }
        let overlapping = findings.reduce(0) { $0 + $1.overlapping }
        var finding = AuditFinding(verdict: .proved, sentence: "", examined: reads, breaches: stale + phantoms)
        guard reads > 0 else {
            finding.verdict = .undecided
            finding.sentence = "The trace does not show whether reads are fresh: it has no reads."
            return finding
        }
        if let (key, worst) = worstStale(findings) {
            finding.verdict = .failed
            finding.sentence =
                "\(counted(stale, "read")) of \(reads) \(stale == 1 ? "is" : "are") stale: the worst showed "
                + "\(quoted(worst.read.value)) for \(keys[key]) at least \(seconds(worst.age.lowerBound)) after "
                + "\(quoted(worst.write.value)) was acknowledged."
            finding.witnesses = [witness(worst.write, key, "write"), witness(worst.read, key, "read")]
        } else if let key = findings.firstIndex(where: { !$0.phantoms.isEmpty }) {
            finding.verdict = .failed
            let read = findings[key].phantoms[0]
            finding.sentence =
                "\(counted(phantoms, "read")) of \(reads) \(phantoms == 1 ? "shows" : "show") a value that no write explains: "
                + "\(quoted(read.value)) for \(keys[key])."
            finding.witnesses = [witness(read, key, "read")]
        } else if overlapping == 0 {
            finding.sentence = "All \(counted(reads, "read")) show the latest acknowledged write."
        } else {
            finding.verdict = .consistent
            finding.sentence = "None of \(counted(reads, "read")) is stale."
            finding.resolution =
                "\(counted(overlapping, "read")) overlapped a write: for those, either value is correct."
        }
        return finding
    }

    func monotonic(_ findings: [Freshness]) -> AuditFinding {
        let reads = findings.reduce(0) { $0 + $1.reads }
        let backwards = findings.reduce(0) { $0 + $1.backwards.count }
        var finding = AuditFinding(
            verdict: reads == 0 ? .undecided : .consistent, sentence: "", examined: reads, breaches: backwards)
        if let key = findings.firstIndex(where: { !$0.backwards.isEmpty }) {
            let read = findings[key].backwards[0]
            finding.verdict = .failed
            finding.sentence =
                "\(counted(backwards, "read")) of \(reads) \(backwards == 1 ? "goes" : "go") back in time: "
                + "a user was shown \(quoted(read.value)) for \(keys[key]) after a later value."
            finding.witnesses = [witness(read, key, "read")]
        } else if reads == 0 {
            finding.sentence = "The trace has no reads."
        } else {
            finding.sentence = "No user was shown an older value after a later one."
        }
        return finding
    }

    func linearizability(_ findings: [Linearizability.Finding], _ histories: [RegisterHistory]) -> AuditFinding {
        let count = histories.reduce(0) { $0 + $1.reads.count + $1.writes.count }
        var finding = AuditFinding(verdict: .consistent, sentence: "", examined: count)
        var open = 0
        for (key, result) in findings.enumerated() {
            switch result {
            case .linearizable: break
            case .undecided: open += 1
            case .notLinearizable(let values):
                finding.breaches += 1
                guard finding.verdict != .failed else { break }
                finding.verdict = .failed
                finding.sentence =
                    "No order of the reads and writes of \(keys[key]) explains what was read: "
                    + "\(values.map(quoted).joined(separator: " and ")) contradict\(values.count == 1 ? "s" : "") the others."
                finding.witnesses = histories[key].writes.filter { values.contains($0.value) }
                    .map { witness($0, key, "write") }
                finding.witnesses += histories[key].reads.filter { values.contains($0.value) }
                    .prefix(AuditFinding.mostWitnesses).map { witness($0, key, "read") }
            }
        }
        guard finding.verdict != .failed else { return finding }
        if count == 0 || open > 0 {
            finding.verdict = .undecided
            finding.sentence =
                count == 0
                ? "The trace has no reads or writes."
                : "\(counted(open, "object")) of \(findings.count) cannot be checked: each write needs a unique value, and "
                    + "deletions are not supported."
        } else {
            finding.sentence =
                "For each of \(counted(findings.count, "object")), one order of all reads and writes explains every read."
        }
        return finding
    }

    private func worstStale(_ findings: [Freshness]) -> (key: Int, stale: Freshness.Stale)? {
        findings.enumerated().flatMap { key, finding in finding.stale.map { (key, $0) } }
            .max { $0.1.age.lowerBound < $1.1.age.lowerBound }
    }

    private func quoted(_ value: UInt32?) -> String { value.map { "\"\(trace.values[$0])\"" } ?? "nothing" }

    private func witness(_ access: RegisterHistory.Access, _ key: Int, _ operation: String) -> AuditFinding.Witness {
        AuditFinding.Witness(
            key: keys[key], sent: access.interval.sent - start,
            received: access.interval.received == Interval.never ? nil : access.interval.received - start,
            what: "\(operation) \(quoted(access.value))")
    }
}
