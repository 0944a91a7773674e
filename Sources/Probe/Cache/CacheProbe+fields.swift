extension CacheProbe {
    /// Compares the promised lifetime with the TTL.
    mutating func concludeCacheControl() {
        let reads = history.primaryReads
        let hits = reads.filter { signal?.isHit($0.exchange) == true || ($0.isStale && isProved($0)) }
        guard findings.present.value == true else {
            findings.cacheControl.evidence = "whether there is a cache is not known"
            return
        }
        let forbidden = hits.count { $0.exchange.cacheDirectives.contains("no-store") }
        let promises = reads.compactMap(\.exchange.maxAge)
        if forbidden > 0 {
            findings.cacheControl = Finding(
                "no-store", .certain, "\(forbidden) hits carry no-store: only the server's own cache may keep them")
            return
        }
        guard let promise = promises.max() else {
            findings.cacheControl = Finding("absent", .certain, "none of \(reads.count) responses has max-age")
            return
        }
        guard findings.ttlSeconds.value != nil, let low = expiry.low, let high = expiry.high else {
            findings.cacheControl.evidence = "max-age is \(promise) s; the TTL is not known"
            return
        }
        // Some servers send what is left of the lifetime, in whole seconds.
        let slack = Set(promises).count > 1 ? 1.05 : 0.05 * low + 0.05
        let value = Double(promise)
        let verdict = value > high * 1.05 + 0.05 ? "too long" : value < low - slack ? "too short" : "accurate"
        findings.cacheControl = Finding(
            verdict, .certain,
            "max-age is \(promise) s; entries expire between \(CacheText.seconds(min(low, high))) and \(CacheText.seconds(max(low, high)))"
        )
    }

    /// Compares Age with the time since the fill.
    mutating func concludeAge() {
        guard findings.present.value == true else { return }
        let reads = history.primaryReads
        let hits = reads.filter { signal?.isHit($0.exchange) == true || ($0.isStale && isProved($0)) }
        if hits.count >= 4, hits.allSatisfy({ $0.exchange.age == nil }) {
            findings.age = Finding("absent", .certain, "none of \(hits.count) hits has the field")
            return
        }
        let fixedLife = findings.ttlSeconds.value == nil || expiry.turned > 0 ? 0 : expiry.low ?? 0
        var (right, wrong, telling) = (0, 0, 0)
        var witness = ""
        for trial in history.trials where !trial.isVoid {
            guard [.age, .poll, .sliding].contains(trial.kind), let fill = trial.fill, let start = trial.fillStart
            else {
                continue
            }
            for read in trial.sightings(.poll) + trial.sightings(.test) + trial.sightings(.early) {
                guard isExpired(read, fill: fill) == false, let age = read.exchange.age else { continue }
                let least = read.sent - fill.received
                let most = read.received - start
                // A background refresh would explain a smaller value.
                let isYoung = Double(age) < least - 1.05 && least < fixedLife
                if isYoung || Double(age) > most + 1.05 {
                    wrong += 1
                    witness = "\(age) at an age of \(CacheText.seconds(least))"
                } else if Double(age) > least - 1.05 {
                    right += 1
                    if least > 2.1 { telling += 1 }
                }
            }
        }
        if wrong >= 2 {
            findings.age = Finding(
                "wrong", .certain, "\(wrong) of \(wrong + right) values are wrong, such as \(witness)")
        } else if wrong == 0, telling >= 2 {
            findings.age = Finding("accurate", .likely, "\(right) values equal the time since the fill to the second")
        } else if wrong + right > 0 {
            findings.age.evidence = "\(telling) hits were old enough to tell"
        }
    }

    /// Compares ETag with the body.
    mutating func concludeETag() {
        let reads = history.primaryReads.filter { !$0.isForeign }
        let tagged = reads.filter { $0.exchange.etag != nil }
        if reads.count >= 5, tagged.isEmpty {
            findings.etag = Finding("absent", .certain, "none of \(reads.count) responses has the field")
            return
        }
        let versions = Dictionary(grouping: tagged) { $0.exchange.etag ?? "" }.mapValues { Set($0.map(\.version)) }
        if let most = versions.values.map(\.count).max(), most >= 3 {
            findings.etag = Finding("constant", .certain, "one tag was sent with \(most) different values")
            return
        }
        let trials = history.trials.filter { $0.kind == .validation && !$0.isVoid }
        let changed = trials.filter { trial in
            guard let before = trial.sighting(.before), let after = trial.sighting(.after) else { return false }
            return after.isFresh && after.version > before.version
        }
        let late = changed.flatMap(\.exchanges).filter { $0.role == .conditionalAfterChange }.map(\.exchange.outcome)
        let kept = trials.flatMap(\.exchanges).filter { $0.role == .conditional }.map(\.exchange)
        let unmodified = kept.count { $0.outcome == .notModified }
        let ignored = trials.count { trial in
            guard let before = trial.sighting(.before), let next = trial.sighting(.conditional) else { return false }
            return before.version == next.version && before.exchange.etag == next.exchange.etag
        }
        let wrong = late.count { $0 == .notModified }
        if wrong > 0 {
            findings.etag = Finding(
                "304 after a change", .certain, "\(wrong) requests with an outdated tag were answered with 304")
        } else if ignored >= 2, unmodified == 0 {
            findings.etag = Finding("ignored", .likely, "\(ignored) requests with a current tag got the whole body")
        } else if unmodified >= 2, late.count >= 2, versions.values.allSatisfy({ $0.count == 1 }) {
            findings.etag = Finding(
                "accurate", .likely,
                "\(unmodified) requests with a current tag got 304, \(late.count) with an outdated one the new body, and \(versions.count) values had different tags"
            )
        } else if !tagged.isEmpty {
            findings.etag.evidence = "\(unmodified) requests got 304; too few to judge"
        }
    }
}
