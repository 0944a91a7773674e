import Trace

/// States in words what reads show about freshness.
struct FreshnessText {
    /// The objects' names.
    var keys: [String]
    /// When the trace began.
    var start: Int64
    var timeToLive: Nanoseconds?
    var shape: FreshnessPromise.Shape
    /// A value in quotes.
    var name: (UInt32?) -> String

    var title: String {
        timeToLive.map { "reads at most \(seconds(Int64(clamping: $0))) old" } ?? "fresh reads"
    }

    func freshness(_ tally: FreshnessTally) -> AuditFinding {
        guard tally.reads > 0 else { return nothing("whether reads are fresh") }
        var finding = AuditFinding(verdict: .proved, sentence: "", examined: tally.reads)
        finding.curve = tally.curve.bins
        let resurrected = timeToLive == nil ? tally.resurrected : ReadBreaches()
        finding.breaches = tally.stale.count + tally.phantoms.count + resurrected.count
        var sentences: [String] = []
        if let worst = tally.stale.worst {
            sentences.append(stale(tally.stale.count, of: tally.reads, worst))
            if tally.lost > 0, timeToLive == nil {
                sentences.append(
                    shape == .latest
                        ? "\(counted(tally.lost, "object")) stayed out of date to the end."
                        : "\(counted(tally.lost, "element")) \(tally.lost == 1 ? "is" : "are") missing to the end.")
            }
        }
        if let worst = resurrected.worst {
            sentences.append(
                "\(counted(resurrected.count, "read")) \(resurrected.count == 1 ? "shows" : "show") a value again after its "
                    + "deletion was observed: \(name(worst.read.value)) for \(keys[worst.key]).")
        }
        if let worst = tally.phantoms.worst {
            sentences.append(
                "\(counted(tally.phantoms.count, "read")) of \(tally.reads) \(tally.phantoms.count == 1 ? "shows" : "show") "
                    + "a value that no write explains: \(name(worst.read.value)) for \(keys[worst.key]).")
        }
        if let worst = tally.stale.worst ?? resurrected.worst ?? tally.phantoms.worst {
            finding.verdict = .failed
            finding.sentence = sentences.joined(separator: " ")
            finding.witnesses = witnesses(worst)
        } else {
            state(kept: tally, in: &finding)
        }
        return finding
    }

    private func state(kept tally: FreshnessTally, in finding: inout AuditFinding) {
        let old = timeToLive.map { "older than \(seconds(Int64(clamping: $0)))" } ?? "stale"
        if tally.ambiguous == 0, tally.unchecked == 0, timeToLive == nil {
            finding.sentence =
                shape == .latest
                ? "All \(counted(tally.reads, "read")) show the latest acknowledged write."
                : "All \(counted(tally.reads, "read")) show exactly what was created and not deleted."
            return
        }
        finding.verdict = .consistent
        finding.sentence = "None of \(counted(tally.reads, "read")) is \(old)."
        if tally.ambiguous > 0 {
            finding.resolution =
                "\(counted(tally.ambiguous, "read")) overlapped a write, or followed writes that overlapped: for those, several values are "
                + "correct."
        }
        if tally.unchecked > 0 {
            finding.resolution =
                "\(counted(tally.unchecked, "element")) could not be checked: created or deleted more than once, or in an unclear order."
        }
    }

    private func stale(_ count: Int, of reads: Int, _ worst: ReadBreaches.Example) -> String {
        let age = seconds(worst.age)
        let limit = timeToLive.map { "older than \(seconds(Int64(clamping: $0)))" } ?? "stale"
        let opening = "\(counted(count, "read")) of \(reads) \(count == 1 ? "is" : "are") \(limit): the worst "
        let key = keys[worst.key]
        switch (shape, worst.isDeletion) {
        case (.latest, _):
            let written = worst.write.map { $0.value } ?? nil
            let event = written == nil ? "its deletion" : name(written)
            return opening
                + "showed \(name(worst.read.value)) for \(key) at least \(age) after \(event) was acknowledged."
        case (.contains, false):
            return opening
                + "did not show \(name(worst.read.value)) for \(key) at least \(age) after its creation was acknowledged."
        case (.contains, true):
            return opening
                + "showed \(name(worst.read.value)) for \(key) at least \(age) after its deletion was acknowledged."
        }
    }

    func ownWrites(_ tally: FreshnessTally) -> AuditFinding {
        finding(
            on: tally, tally.ownMissed, "whether users read their own writes",
            kept: "Every user was shown the user's own writes or later ones."
        ) { worst in
            "\(tally.ownMissed.count == 1 ? "misses" : "miss") a write of the same user: the worst, of "
                + "\(keys[worst.key]), at least \(seconds(worst.age)) after it was acknowledged."
        }
    }

    func monotonic(_ tally: FreshnessTally) -> AuditFinding {
        finding(
            on: tally, tally.backwards, "whether users go back in time",
            kept: "No user was shown an older value after a later one."
        ) { worst in
            "\(tally.backwards.count == 1 ? "goes" : "go") back in time: a user was shown "
                + "\(name(worst.read.value)) for \(keys[worst.key]) after a later value."
        }
    }

    /// A finding on what each user was shown.
    private func finding(
        on tally: FreshnessTally, _ breaches: ReadBreaches, _ question: String, kept: String,
        broken: (ReadBreaches.Example) -> String
    ) -> AuditFinding {
        guard tally.reads > 0 else { return nothing(question) }
        var finding = AuditFinding(
            verdict: .consistent, sentence: kept, examined: tally.reads, breaches: breaches.count)
        guard let worst = breaches.worst else { return finding }
        finding.verdict = .failed
        finding.sentence = "\(counted(breaches.count, "read")) of \(tally.reads) \(broken(worst))"
        finding.witnesses = witnesses(worst)
        return finding
    }

    func linearizability(_ orders: ObjectOrders) -> AuditFinding {
        let noun = shape == .latest ? "object" : "element"
        var finding = AuditFinding(
            verdict: .consistent, sentence: "", examined: orders.accesses, breaches: orders.failed)
        if let (key, values, accesses) = orders.example {
            finding.verdict = .failed
            finding.sentence =
                shape == .latest
                ? "No order of the reads and writes of \(keys[key]) explains what was read: "
                    + "\(values.map(name).joined(separator: " and ")) contradict\(values.count == 1 ? "s" : "") the others."
                : "No instants of creation and deletion explain which reads of \(keys[key]) show \(name(values[0]))."
            if orders.failed > 1 { finding.sentence += " \(orders.failed) \(noun)s failed." }
            finding.witnesses = accesses.map { witness($0, key, $1) }
        } else if orders.accesses == 0 {
            finding = nothing("whether one order explains them")
        } else if orders.unchecked > 0 {
            finding.verdict = .undecided
            finding.sentence =
                "\(counted(orders.unchecked, noun)) of \(orders.objects) cannot be checked: "
                + (shape == .latest
                    ? "each write needs a unique value, and deletions are not supported."
                    : "created or deleted more than once.")
        } else {
            let whole = orders.objects == 1 ? "For the one \(noun)" : "For each of \(orders.objects) \(noun)s"
            finding.sentence = "\(whole), one order of all reads and writes explains every read."
        }
        return finding
    }

    // MARK: Parts

    private func nothing(_ what: String) -> AuditFinding {
        AuditFinding(verdict: .undecided, sentence: "The trace does not show \(what): it has no reads.", examined: 0)
    }

    private func witnesses(_ example: ReadBreaches.Example) -> [AuditFinding.Witness] {
        let shown = shape == .latest || example.isDeletion || example.write == nil
        let change = shape == .latest ? "write" : example.isDeletion ? "delete" : "create"
        let read = shape == .latest ? "read" : shown ? "read with" : "read without"
        return (example.write.map { [witness($0, example.key, change)] } ?? [])
            + [witness(example.read, example.key, read)]
    }

    private func witness(_ access: RegisterHistory.Access, _ key: Int, _ operation: String) -> AuditFinding.Witness {
        AuditFinding.Witness(
            key: keys[key], sent: access.interval.sent - start,
            received: access.interval.received == Interval.never ? nil : access.interval.received - start,
            what: "\(operation) \(name(access.value))")
    }
}
