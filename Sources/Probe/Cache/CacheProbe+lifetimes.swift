extension CacheProbe {
    /// The fewest fresh reads after which all are believed to be fresh.
    private static let fewestTrials = 5
    /// A read is the next after a write if it was sent within this many seconds.
    private static let promptly = 0.5

    mutating func concludeFreshness() {
        let firsts = history.trials.filter { $0.kind == .freshness }.flatMap { $0.sightings(.first) }
        let own = freshness(firsts, who: "the writer's")
        findings.readYourWrites = own
        let others = history.trials.filter { $0.kind == .solo }.flatMap { $0.sightings(.other) }.filter {
            $0.version > 0
        }
        findings.freshAfterWrite = own.value == false || mode != .fresh ? own : freshness(firsts + others, who: "the")
        let solos = history.trials.count { $0.kind == .solo && !$0.isVoid }
        if options.users > 1, solos < 2, findings.freshAfterWrite.value == true {
            findings.freshAfterWrite = Finding(nil, .unknown, "other users' reads were not examined")
        }
    }

    private func freshness(_ reads: [CacheSighting], who: String) -> Finding<Bool> {
        let stale = reads.filter { $0.isStale && isProved($0) }
        if let witness = stale.first {
            return Finding(
                false, .certain,
                "\(stale.count) of \(reads.count) reads right after a write showed an older value; first: write \(witness.acknowledged) was acknowledged, and \(witness.version == 0 ? "no written value" : "write \(witness.version)") was shown"
            )
        }
        let fresh = reads.count { read in
            read.isFresh && (history.acknowledged[read.acknowledged].map { read.sent - $0 < Self.promptly } ?? false)
        }
        return fresh >= Self.fewestTrials
            ? Finding(true, .likely, "\(who) next read showed the new value in \(fresh) of \(fresh) trials")
            : Finding(nil, .unknown, "only \(fresh) reads came right after a write")
    }

    /// What reads showed at an age beyond the TTL when the write came late.
    var delayedWrites: (alive: Int, expired: Int) {
        let outcomes = history.trials.filter { $0.kind == .delayedWrite }.compactMap { trial -> CacheExpiry.Outcome? in
            guard let test = trial.sighting(.test), let written = history.acknowledged[test.acknowledged] else {
                return nil
            }
            return lateOutcome(of: trial, since: written)
        }
        return (outcomes.count { $0 == .alive }, outcomes.count { $0 != .alive })
    }

    /// The outcome of a test beyond the TTL that came less than a TTL after some instant.
    private func lateOutcome(of trial: CacheTrial, since instant: Double) -> CacheExpiry.Outcome? {
        guard let low = expiry.low, let high = expiry.high, let fill = trial.fill, let test = trial.sighting(.test),
            test.sent - fill.received > 1.1 * high, test.received - instant < 0.9 * low
        else { return nil }
        return outcome(of: trial)
    }

    mutating func concludeExpiry() {
        let expiry = expiry
        guard let high = expiry.high else {
            findings.ttlSeconds.evidence =
                expiry.polledAlive.map { "longer than \(CacheText.seconds($0))" } ?? "no entry was seen to expire"
            return
        }
        guard let low = expiry.low else {
            findings.ttlSeconds.evidence = "at most \(CacheText.seconds(high))"
            return
        }
        let evidence =
            "entries were alive at \(CacheText.seconds(min(low, high))) and expired at \(CacheText.seconds(max(low, high))), in \(expiry.alive.count + expiry.expired.count) fills"
        let delayed = delayedWrites
        if expiry.isContradictory {
            findings.ttlSeconds.evidence = "varies: " + evidence
        } else if mode == .stale, delayed.alive > 0 {
            findings.ttlSeconds.evidence =
                "old values vanish some time after the write, whatever the age of the response"
        } else if mode == .stale, delayed.expired == 0 {
            findings.ttlSeconds.evidence = evidence + "; whether their age or the write's decides was not examined"
        } else if !expiry.isReplacedAtOnce, expiry.isRevalidating != true {
            findings.ttlSeconds.evidence = evidence + "; whether reads cause a refresh is not known"
        } else if high > 1.08 * low + 0.01 || !isConfirmed(expiry, low: low, high: high) {
            findings.ttlSeconds.evidence = evidence
        } else {
            // A lifetime that varies from fill to fill is not ruled out.
            findings.ttlSeconds = Finding(
                CacheText.roundest(in: min(low, high)...max(low, high)), .likely, evidence)
            concludeSliding()
            concludeRevalidation(expiry)
        }
    }

    private func isConfirmed(_ expiry: CacheExpiry, low: Double, high: Double) -> Bool {
        guard mode == .fresh, signal?.isWeak == true else { return true }
        return expiry.alive.count { $0 > 0.8 * low } >= 2 && expiry.expired.count { $0 < 1.25 * high } >= 2
    }

    private mutating func concludeSliding() {
        let outcomes = history.trials.filter { $0.kind == .sliding }.compactMap { trial -> CacheExpiry.Outcome? in
            guard let early = trial.sighting(.early), isExpired(early, fill: trial.fill) == false else { return nil }
            return lateOutcome(of: trial, since: early.sent)
        }
        let alive = outcomes.count { $0 == .alive }
        guard outcomes.count >= 2, alive == 0 || alive == outcomes.count else {
            if !outcomes.isEmpty { findings.slides.evidence = "\(alive) of \(outcomes.count) entries lived longer" }
            return
        }
        findings.slides = Finding(
            alive > 0, .certain,
            alive > 0
                ? "\(alive) entries that were read meanwhile outlived the TTL"
                : "\(outcomes.count) entries expired at the TTL although they were read meanwhile")
    }

    private mutating func concludeRevalidation(_ expiry: CacheExpiry) {
        guard mode == .stale, let isRevalidating = expiry.isRevalidating else { return }
        // A refresh that ends before the first read looks like none.
        findings.revalidates = Finding(
            isRevalidating ? true : nil, .certain,
            isRevalidating
                ? "\(expiry.turned) expired entries were shown once more, and replaced by the next read"
                : "not seen: \(expiry.direct) expired entries were replaced by the first read")
    }

    mutating func concludeStaleness() {
        guard findings.freshAfterWrite.value == false, mode == .stale else { return }
        var periods: [Double] = []
        for (number, instant) in history.acknowledged where number <= history.latestShown {
            let lacking = history.reads.filter {
                $0.user == 0 && $0.sent >= instant && $0.version < number && $0.isStale
            }
            if let last = lacking.map(\.sent).max() { periods.append(last - instant) }
        }
        periods.sort()
        guard let longest = periods.last else { return }
        var isTTL: Bool?
        if findings.ttlSeconds.value != nil, let low = expiry.low, let high = expiry.high {
            if longest > 1.05 * high + 0.05 { isTTL = false } else if longest > 0.9 * low { isTTL = true }
        }
        let relation = isTTL.map { $0 ? "; that is the TTL" : "; that is longer than the TTL" } ?? ""
        findings.staleness = Finding(
            CacheFindings.Staleness(
                median: periods[periods.count / 2], longest: longest, count: periods.count, isTTL: isTTL), .certain,
            "after \(periods.count) writes an old value was shown for at least \(CacheText.seconds(periods[periods.count / 2])) (median) and \(CacheText.seconds(longest)) (longest)\(relation)"
        )
    }
}
