extension CacheProbe {
    /// How values behave after a write.
    enum Mode { case fresh, stale, unknown }

    /// The fewest fresh reads that suggest that writes invalidate.
    private static let fewestFresh = 4

    /// Whether reads right after a write show the new value.
    var mode: Mode {
        let firsts = history.trials.filter { $0.kind == .freshness }.flatMap { $0.sightings(.first) }
        if firsts.contains(where: \.isStale) { return .stale }
        return firsts.count(where: \.isFresh) >= Self.fewestFresh ? .fresh : .unknown
    }

    /// Long enough for a background refresh, in seconds.
    var shortGap: Double { max(0.05, 4 * history.roundTrip) }
    /// The greatest age to wait for.
    var longestAge: Double { options.seconds * 0.25 }
    /// When to give up waiting for a value to be shown.
    var fillDeadline: Double { options.seconds * (expiry.high == nil ? 0.5 : 0.9) }

    /// Whether the entry that the current experiment filled has expired at this read; nil if it does not show.
    func isExpired(_ sighting: CacheSighting) -> Bool? { isExpired(sighting, fill: trial?.fill) }

    func isExpired(_ sighting: CacheSighting, fill: CacheSighting?) -> Bool? {
        if sighting.isForeign { return nil }
        if mode == .stale { return sighting.isStale ? false : true }
        return signal?.isHit(sighting.exchange, elapsed: fill.map { sighting.sent - $0.received }).map { !$0 }
    }

    /// When the entry that this read showed first may have been stored, at the earliest.
    ///
    /// The read before it may have caused a background refresh, unless its own entry was new.
    func fillStart(of sighting: CacheSighting) -> Double {
        guard mode == .stale, let previous = sighting.previous, !previous.isFirst else { return sighting.sent }
        let expiry = expiry
        return expiry.isReplacedAtOnce ? sighting.sent : previous.sent
    }

    /// What the test of an experiment showed.
    func outcome(of trial: CacheTrial) -> CacheExpiry.Outcome? {
        guard let fill = trial.fill, let test = trial.sighting(.test), !trial.isVoid else { return nil }
        let follow = trial.sighting(.followUp)
        switch (isExpired(test, fill: fill), follow.flatMap { isExpired($0, fill: fill) }) {
        case (true, let next):
            // A slow response can look like a miss: the next read must then be a hit.
            if mode == .fresh, signal?.isWeak == true, next != false { return nil }
            return .expired
        case (false, false): return .alive
        case (false, true):
            if mode != .stale { return .alive }
            // If much time has passed, the entry may have expired meanwhile.
            return follow.map { $0.sent - test.received < 3 * shortGap } == true ? .turned : nil
        case (false, nil): return mode == .stale ? nil : .alive
        case (nil, _): return nil
        }
    }

    /// What is known about the TTL.
    var expiry: CacheExpiry {
        var expiry = CacheExpiry()
        for trial in history.trials where !trial.isVoid {
            guard let fill = trial.fill, let start = trial.fillStart else { continue }
            if trial.kind == .poll { add(polls: trial, fill: fill, start: start, to: &expiry) }
            guard trial.kind == .age, let outcome = outcome(of: trial), let test = trial.sighting(.test) else {
                continue
            }
            let last = outcome == .turned ? trial.sighting(.followUp) ?? test : test
            expiry.add(outcome, least: test.sent - fill.received, most: last.received - start)
        }
        return expiry
    }

    private func add(polls trial: CacheTrial, fill: CacheSighting, start: Double, to expiry: inout CacheExpiry) {
        for poll in trial.sightings(.poll) {
            switch isExpired(poll, fill: fill) {
            case false?: expiry.addPolledAlive(poll.sent - fill.received)
            case true?:
                expiry.addPolledExpired(poll.received - start)
                return
            // It may have been the first read of a new entry.
            case nil: if signal?.source != .age { return }
            }
        }
    }

    /// Steps after which no entry is left, if it is known how; they write a new value.
    var emptied: [CacheStep]? {
        if mode == .fresh { return [.write] }
        guard mode == .stale, let high = expiry.high, expiry.isReplacedAtOnce, !expiry.isContradictory else {
            return nil
        }
        return [.write, .idle(high * 1.1 + shortGap)]
    }
}
