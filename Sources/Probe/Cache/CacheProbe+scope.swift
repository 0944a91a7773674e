extension CacheProbe {
    /// What an experiment showed about entries and users.
    private enum Sharing { case shared, separate, unclear }

    private static let fewestTrials = 2

    mutating func concludeScope() {
        guard options.users > 1 else {
            findings.scope.evidence = "only one user's credentials are available"
            return
        }
        guard findings.present.value == true else {
            findings.scope.evidence = "whether there is a cache is not known"
            return
        }
        let outcomes = history.trials.filter { $0.kind == .exposure && !$0.isVoid }.map(sharing)
        let shared = outcomes.count { $0 == .shared }
        let separate = outcomes.count { $0 == .separate }
        let fewest = signal?.isWeak == true && mode == .fresh ? 3 : Self.fewestTrials
        let confidence: Confidence = signal?.isWeak == true && mode == .fresh ? .likely : .certain
        if shared >= fewest, separate == 0 {
            findings.scope = Finding(
                "shared", confidence, "in \(shared) trials the second user was served the first user's entry")
        } else if separate >= fewest, shared == 0 {
            findings.scope = Finding(
                "per-user", confidence,
                "in \(separate) trials the second user was not served the first user's entry while that was alive")
        } else if !outcomes.isEmpty {
            findings.scope.evidence =
                "\(shared) trials show a shared entry, \(separate) separate entries, \(outcomes.count - shared - separate) neither"
        }
    }

    /// Whether the other user was served the primary user's entry.
    private func sharing(_ trial: CacheTrial) -> Sharing {
        guard isBracketed(trial), let before = trial.sighting(.before), let other = trial.sighting(.other) else {
            return .unclear
        }
        if other.exchange.shows != before.exchange.shows { return .separate }
        // An entry of the other user's own could hold the same value if that user had read it before.
        let hasRead = history.reads.contains {
            $0.user == other.user && $0.version >= other.version && $0.received < other.sent
        }
        if mode == .stale { return hasRead ? .unclear : .shared }
        switch signal?.isHit(other.exchange, elapsed: elapsed(other, trial)) {
        case true?: return hasRead ? .unclear : .shared
        case false?: return .separate
        case nil: return .unclear
        }
    }

    private func elapsed(_ sighting: CacheSighting, _ trial: CacheTrial) -> Double? {
        trial.fill.map { sighting.sent - $0.received }
    }

    /// Whether the primary user's entry was alive before and after the other user's read.
    private func isBracketed(_ trial: CacheTrial) -> Bool {
        guard let fill = trial.fill, let before = trial.sighting(.before), let after = trial.sighting(.after) else {
            return false
        }
        guard before.version == fill.version, after.version == fill.version, before.version > 0 else { return false }
        if mode == .stale { return before.isStale && after.isStale }
        guard let signal else { return false }
        return signal.isHit(before.exchange, elapsed: elapsed(before, trial)) == true
            && signal.isHit(after.exchange, elapsed: elapsed(after, trial)) == true
    }

    mutating func concludeLeaks() {
        guard options.users > 1 else {
            findings.leaks.evidence = "only one user's credentials are available"
            return
        }
        let exposures = history.trials.filter { $0.kind == .exposure && !$0.isVoid }
        let shown = exposures.filter { ($0.sighting(.other)?.version ?? 0) > 0 }
        let solos = history.trials.filter { $0.kind == .solo && !$0.isVoid }.compactMap { $0.sighting(.other) }
        let hidden = solos.count { $0.version == 0 }
        let open = solos.count { $0.isFresh && isFromOrigin($0) }
        let closed = exposures.count { ($0.sighting(.other)?.version ?? 1) == 0 && (isBracketed($0) || isPrompt($0)) }
        if !shown.isEmpty, hidden >= Self.fewestTrials, hidden == solos.count {
            findings.leaks = Finding(
                true, .certain,
                "the second user was shown the first user's values in \(shown.count) of \(exposures.count) trials after the first had filled the cache, and in none of \(hidden) with an empty cache"
            )
        } else if shown.isEmpty, closed >= 3 {
            findings.leaks = Finding(
                false, .likely, "the second user was not shown the first user's values in \(closed) trials")
        } else if open >= Self.fewestTrials, hidden == 0 {
            findings.leaks = Finding(
                false, .likely, "the values are not private: the origin shows them to both users")
        } else if !shown.isEmpty {
            findings.leaks.evidence =
                "the second user was shown the first user's values; whether they are private is not known"
        }
    }

    /// Whether the origin showed the value: it could be in no other entry.
    private func isFromOrigin(_ sighting: CacheSighting) -> Bool {
        if mode == .stale { return sighting.isFirst }
        return signal.map { $0.isHit(sighting.exchange) == false } ?? sighting.isFirst
    }

    /// Whether the other user read so soon after the fill that the entry was surely alive.
    private func isPrompt(_ trial: CacheTrial) -> Bool {
        guard signal == nil, let fill = trial.fill, let other = trial.sighting(.other) else { return false }
        return other.received - fill.received < 0.3
    }
}
