extension CacheProbe {
    /// Draws the conclusions.
    mutating func conclude(_ reason: CacheFindings.End) {
        findSignal()
        findings.end = reason
        findings.requests = history.count
        findings.seconds = history.end
        findings.denials = history.denials
        concludeShape()
        concludeFreshness()
        concludeExpiry()
        concludePresence()
        concludeVisibility()
        concludeStaleness()
        concludeScope()
        concludeLeaks()
        concludeRace()
        concludeStampede()
        concludeCacheControl()
        concludeAge()
        concludeETag()
        concludeVary()
    }

    private mutating func concludeShape() {
        let shown = history.reads.filter { $0.version > 0 }
        let several = shown.count { $0.exchange.shows.count > 1 }
        if several > 0 {
            findings.shape = Finding("contains", .certain, "\(several) reads showed several values")
            return
        }
        let later = Set(
            shown.filter { read in history.acknowledged.keys.contains { $0 < read.version } }.map(\.version))
        findings.shape =
            later.count >= 3
            ? Finding("latest", .certain, "\(later.count) values each replaced the one before")
            : Finding(nil, .unknown, "reads showed \(Set(shown.map(\.version)).count) of the written values")
    }

    /// Whether it is known that hits come from a cache, and not from slow replication.
    private mutating func concludePresence() {
        let proof = delayedWrites
        if let signal, !signal.isWeak {
            let hits = history.primaryReads.count { signal.isHit($0.exchange) == true }
            findings.present = Finding(
                true, .certain, "\(hits) responses say that they are hits: \(signal.description)")
        } else if mode == .stale, findings.ttlSeconds.value != nil, proof.expired > 0 {
            findings.present = Finding(
                true, .certain, "old values vanish at a fixed age of the response, whenever the write came")
        } else if findings.ttlSeconds.value != nil {
            findings.present = Finding(
                true, .likely, "responses follow a pattern of hits and misses that ends at a fixed age")
        } else if !raceWitnesses.isEmpty {
            findings.present = Finding(true, .likely, "an old value stayed after a read that overlapped a write")
        } else if mode == .stale {
            findings.present.evidence = "old values are shown after a write; replication that lags would look the same"
        } else if signal != nil {
            findings.present.evidence =
                "the first read after a write differs from later ones, but no entry was seen to expire"
        } else if history.reads.isEmpty {
            findings.present.evidence = "no read succeeded"
        } else {
            findings.present.evidence = "none of \(history.reads.count) reads shows a sign of a cache"
        }
    }

    private mutating func concludeVisibility() {
        guard let signal else {
            findings.visibleBy.evidence = "hits and misses do not differ in their fields or clearly in their duration"
            return
        }
        guard findings.present.value == true else {
            findings.visibleBy.evidence = "\(signal.description) fits a pattern, but a cache was not proved"
            return
        }
        let reads = history.primaryReads.map(\.exchange)
        let hits = reads.count { signal.isHit($0) == true }
        let misses = reads.count { signal.isHit($0) == false }
        var evidence = "\(hits) hits and \(misses) misses"
        if signal.source == .time {
            evidence +=
                "; hits take less than \(CacheText.milliseconds(signal.durations.lowerBound)), misses more than \(CacheText.milliseconds(signal.durations.upperBound))"
        }
        findings.visibleBy = Finding(signal.description, signal.isWeak ? .likely : .certain, evidence)
    }

    private mutating func concludeRace() {
        let trials = history.trials.count { $0.kind == .race && !$0.isVoid }
        guard mode == .fresh else {
            if mode == .stale { findings.refillRace.evidence = "writes do not invalidate at once" }
            return
        }
        let witnesses = raceWitnesses
        if let witness = witnesses.first?.sighting(.late) {
            findings.refillRace = Finding(
                true, witnesses.count > 1 ? .certain : .likely,
                "after \(witnesses.count) of \(trials) reads that overlapped a write, later reads showed the old value; first: write \(witness.acknowledged) was acknowledged, and write \(witness.version) was shown at \(CacheText.seconds(witness.sent))"
            )
        } else if spans >= Self.fewestSpans, findings.present.value == true {
            findings.refillRace = Finding(
                false, .likely,
                "\(spans) of \(trials) reads ended after the write that they overlapped; none left an old value"
            )
        } else if trials > 0 {
            findings.refillRace.evidence =
                "not seen in \(trials) trials, of which \(spans) overlapped a write in the right way"
        }
    }

    private mutating func concludeStampede() {
        guard let signal, signal.isExact else {
            findings.stampede.evidence = "hits are not visible in a field"
            return
        }
        var counts: [(sent: Int, misses: Int)] = []
        for trial in history.trials where trial.kind == .stampede && !trial.isVoid {
            let hits = trial.sightings(.racing).map { signal.isHit($0.exchange) }
            let misses = hits.count { $0 == false }
            if !hits.contains(nil), misses > 0 { counts.append((hits.count, misses)) }
        }
        guard let worst = counts.max(by: { $0.misses < $1.misses }) else { return }
        findings.stampede = Finding(
            CacheFindings.Stampede(sent: worst.sent, misses: worst.misses, count: counts.count), .certain,
            "up to \(worst.misses) of \(worst.sent) concurrent reads of an empty cache were misses, in \(counts.count) trials"
        )
    }
}
