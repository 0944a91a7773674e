extension CacheProbe {
    private static let expiryRounds = 14
    private static let slidingRounds = 4

    /// First polls at growing ages, then bisects with one read of each entry.
    mutating func planExpiry(_ round: Int) {
        findSignal()
        guard mode == .stale || (mode == .fresh && signal != nil), round < Self.expiryRounds else {
            return stage = .sliding(0)
        }
        stage = .expiry(round + 1)
        let expiry = expiry
        guard let high = expiry.high else {
            let isOutlived = expiry.polledAlive.map { $0 > longestAge / 2 } ?? false
            guard round < 4, !isOutlived else { return stage = .sliding(0) }
            let fill: [CacheStep] = mode == .stale ? [.fill(gap: 0.1), .write] : [.read(.fill)]
            return begin(.poll, [.write] + fill + [.poll(age: 0.1)])
        }
        guard let age = nextAge(expiry, high: high), now + 1.3 * high + age < options.seconds * 0.85 else {
            return stage = .sliding(0)
        }
        beginAging(.age, high: high, isReusing: true, [.age(age)] + test)
    }

    /// A single read, and another that shows whether the first caused a refresh.
    private var test: [CacheStep] { [.read(.test), .rest(shortGap), .read(.followUp)] }

    /// Fills the cache and writes at once, so that the entry is recognised by its old value.
    private mutating func beginAging(
        _ kind: CacheTrial.Kind, high: Double, isReusing: Bool = false, isWriting: Bool = true, _ rest: [CacheStep]
    ) {
        guard mode == .stale else { return begin(kind, [.write, .read(.fill)] + rest) }
        let write: [CacheStep] = isWriting ? [.write] : []
        if isReusing, backoff.recovery == 0, let last = history.reads.last, last.isFirst, last.isFresh, last.user == 0,
            now - last.received < shortGap
        {
            begin(kind, write + rest)
            trial?.fill = last
            let start = fillStart(of: last)
            trial?.fillStart = start
        } else {
            begin(kind, [.write, .idle(high * 1.1 + shortGap), .fill(gap: shortGap)] + write + rest)
        }
    }

    /// The age to test next; nil if the bounds are close enough or tests do not show anything.
    private func nextAge(_ expiry: CacheExpiry, high: Double) -> Double? {
        let resolution = 0.02 + 4 * history.roundTrip
        let recent = history.trials.filter { $0.kind == .age }.suffix(3)
        let isMute = recent.count == 3 && recent.allSatisfy { outcome(of: $0) == nil }
        if expiry.isContradictory || high < 2 * resolution || isMute { return nil }
        // The second read must also come before the entry expires.
        let lead = mode == .stale ? 1.5 * shortGap : 0
        let hint = promisedLife.map(Double.init)
        guard let low = expiry.low else {
            let guesses = [hint, expiry.polledAlive, expiry.shownOnce.min()].compactMap { $0 }
                .map { min($0 * 0.98, $0 - lead) }
            return guesses.filter { $0 > resolution && $0 < 0.95 * high - lead }.max() ?? high / 2
        }
        // Only the first read of an entry shows that it had expired without a refresh.
        if expiry.isKnown(within: resolution + 2 * lead), !expiry.isReplacedAtOnce, expiry.isRevalidating == nil {
            return high * 1.08 + lead
        }
        if expiry.isKnown(within: min(resolution, 0.078 * high)) {
            return confirmingAge(expiry, low: low, high: high)
        }
        if let hint, low < hint * 0.97 - lead, hint * 1.02 < high { return hint * 0.98 - lead }
        if let hint, low < hint * 0.99, hint * 1.01 + resolution < high { return hint * 1.01 }
        return (low + high) / 2
    }

    /// Durations mislead now and then: each bound needs two witnesses.
    private func confirmingAge(_ expiry: CacheExpiry, low: Double, high: Double) -> Double? {
        guard signal?.isWeak == true, mode == .fresh else { return nil }
        if expiry.alive.count(where: { $0 > 0.85 * low }) < 2 { return low * 0.97 }
        return expiry.expired.count { $0 < 1.15 * high } < 2 ? high * 1.03 : nil
    }

    /// The lifetime that responses promise, in seconds.
    var promisedLife: Int? { history.primaryReads.compactMap(\.exchange.maxAge).max().flatMap { $0 > 0 ? $0 : nil } }

    mutating func planSliding(_ round: Int) {
        let expiry = expiry
        guard round < Self.slidingRounds, let low = expiry.low, let high = expiry.high, high < 1.15 * low,
            now + 2.6 * high < options.seconds
        else { return stage = .scope(0) }
        stage = .sliding(round + 1)
        if round.isMultiple(of: 2) {
            beginAging(
                .sliding, high: high, isReusing: true, [.age(0.6 * low), .read(.early), .age(1.25 * high)] + test)
        } else if mode == .stale {
            beginAging(
                .delayedWrite, high: high, isWriting: false, [.age(0.6 * low), .write, .age(1.25 * high)] + test)
        }
    }
}
