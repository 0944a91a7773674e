extension CacheProbe {
    private static let freshnessRounds = 9
    private static let scopeRounds = 6
    private static let validationRounds = 2
    private static let stampedeRounds = 3

    /// Chooses the next experiment.
    mutating func plan() {
        switch stage {
        case .freshness(let round): planFreshness(round)
        case .expiry(let round): planExpiry(round)
        case .sliding(let round): planSliding(round)
        case .scope(let round): planScope(round)
        case .validation(let round): planValidation(round)
        case .race(let round): planRace(round)
        case .stampede(let round): planStampede(round)
        case .variation(let round): planVariation(round)
        case .finished: break
        }
    }

    /// The read before makes sure that the cache holds the old value.
    private mutating func planFreshness(_ round: Int) {
        guard round < Self.freshnessRounds else {
            findSignal()
            return stage = .expiry(0)
        }
        stage = .freshness(round + 1)
        // Age grows in whole seconds.
        let late: [CacheStep] = [1, 3, 5].contains(round) && backoff.recovery == 0 ? [.rest(1.3), .read(.late)] : []
        begin(
            .freshness, [.read(.before), .write, .read(.first), .read(.repeated), .read(.repeated)] + late)
    }

    private mutating func planScope(_ round: Int) {
        guard options.users > 1, round < Self.scopeRounds, let emptied else { return stage = .validation(0) }
        stage = .scope(round + 1)
        if round < 3 {
            let write: [CacheStep] = mode == .stale ? [.write] : []
            // Age must have grown to tell a hit from a miss.
            let settled: [CacheStep] =
                signal?.source == .age && signal?.isAbsentOnMiss == false && mode == .fresh ? [.rest(1.7)] : []
            begin(
                .exposure,
                emptied + [.read(.fill)] + write + settled + [.read(.before), .read(.other, user: 1), .read(.after)])
        } else {
            let before: [CacheStep] = mode == .fresh ? [.read(.before, user: 1)] : []
            begin(.solo, before + emptied + [.read(.other, user: 1)])
        }
    }

    private mutating func planValidation(_ round: Int) {
        let hasTags = history.primaryReads.contains { $0.exchange.etag != nil }
        guard hasTags, round < Self.validationRounds, let emptied else { return stage = .race(0) }
        stage = .validation(round + 1)
        begin(
            .validation,
            [.read(.before), .conditional(.conditional)] + emptied
                + [.read(.after), .conditional(.conditionalAfterChange)])
    }

    private mutating func planStampede(_ round: Int) {
        guard round < Self.stampedeRounds, signal?.isExact == true, let emptied, backoff.recovery == 0,
            requestsLeft > 5,
            options.concurrency > 1
        else { return stage = .variation(0) }
        stage = .stampede(round + 1)
        begin(.stampede, emptied + [.crowd(min(options.concurrency, requestsLeft - 1))])
    }

    /// Two rounds for each field: the varied read comes first in one and second in the other.
    private mutating func planVariation(_ round: Int) {
        guard round < 4 * options.variedFields.count, let emptied else {
            _ = end(isShown ? .complete : .notShown)
            return
        }
        stage = .variation(round + 1)
        let index = round / 4
        let isFirst = !round.isMultiple(of: 2)
        let reads: [CacheStep] = [.read(.first), .varied(index)]
        begin(.variation(index, isFirst: isFirst), emptied + (isFirst ? reads.reversed() : reads))
    }

    private var isShown: Bool { history.latestShown > 0 || history.acknowledged.isEmpty }
}
