import Foundation

extension LimitProbe {
    /// The most experiments of one stage.
    private static let mostRounds = 6
    /// Two clocks differ, and a window is not known exactly.
    private static let restShare = 1.03
    /// Requests sent one after another should take at most this share of a window, or some expire meanwhile.
    private static let sequentialShare = 0.3
    private static let raceRounds = 3
    private static let mostTrials = 3
    /// Experiments on the window that follow each other without a rest.
    private static let chainedRounds = 2

    /// Chooses the next experiment.
    mutating func plan() {
        switch stage {
        case .beginning:
            guard history.fills.isEmpty else { return stage = .recovery }
            steps = [.mark, .fill(Fill(sequential: 40, concurrency: options.concurrency))]
        case .recovery:
            steps = [.poll(RecoveryPoll(hintedOffsets, last: options.seconds))]
            stage = .window(0)
        case .window(let round): planWindow(round)
        case .kind(let round): planKind(round)
        case .exactness(let round): planExactness(round)
        case .key: planKey()
        case .errors(let round): planErrors(round)
        case .delay: planDelay()
        case .finished: break
        }
    }

    /// Narrows the time of recovery: polls closely between the last denial and the first admission seen so far.
    private mutating func planWindow(_ round: Int) {
        if round > 0 { infer() }
        guard round == 0 || (round < Self.mostRounds && !isWindowKnown && !alive.isEmpty) else {
            // The key is worth more than the kind, but its requests are evidence only if the window is known.
            return stage = isWindowKnown && !alive.isEmpty ? .key : .kind(0)
        }
        stage = .window(round + 1)
        let latest = history.recoveries.last { $0.isBracketed } ?? history.recoveries.last
        let (low, high) = (latest?.denied ?? 0, latest?.admitted ?? 1)
        let slack = (high - low) * (round == 0 ? 0 : 0.5)
        let offsets = (0...14).map { low - slack + (high - low + 2 * slack) * Double($0) / 14 }.filter { $0 > 0 }
        // At first without a rest: the previous poll has just been admitted, which is where a window may have begun.
        if round >= Self.chainedRounds { steps = [.rest(fullRecovery)] }
        steps += [.mark, .fill(fill()), .poll(RecoveryPoll(offsets, last: options.seconds))]
    }

    /// Whether each hypothesis that is left knows its window to a few percent.
    private var isWindowKnown: Bool {
        plausible.allSatisfy { hypothesis in
            guard let length = hypothesis.hull?.length else { return true }
            return length.upperBound <= length.lowerBound * 1.05
        }
    }

    /// Tells kinds apart with the schedule that separates the most of those that are left; of several, the shortest.
    private mutating func planKind(_ round: Int) {
        if round > 0 { infer() }
        let alive = alive
        guard alive.count > 1, round < Self.mostRounds else { return stage = .exactness(0) }
        let scale = scale
        let ranked = Schedule.all.map { ($0, pairs: $0.separated(alive, scale: scale)) }
            .filter { $0.pairs > 0 }
            .sorted { ($0.pairs, -$0.0.duration(scale: scale)) > ($1.pairs, -$1.0.duration(scale: scale)) }
        // Two hypotheses may differ from each other less than their uncertainty: a few rounds narrow it.
        guard let (schedule, _) = ranked.isEmpty ? nil : ranked[(round / 2) % ranked.count] else {
            return stage = .exactness(0)
        }
        stage = .kind(round + 1)
        let affordable = Int(Self.sequentialShare * scale / history.roundTrip)
        steps = [
            // Another phase of the server's windows each time.
            .rest(fullRecovery + 0.37 * Double(round) * scale), .mark,
            .send(min(schedule.openingCount(expectedLimit), affordable)), .until(schedule.fillAt * scale),
            .fill(fill()),
        ]
        for offset in schedule.refills { steps += [.until(offset * scale), .fill(fill())] }
    }

    /// Sends requests at the same time when few are left.
    private mutating func planExactness(_ round: Int) {
        if round > 0 { infer() }
        let limit = expectedLimit
        let isAffordable = Double(limit) * history.roundTrip <= Self.sequentialShare * scale
        let alone = isAffordable ? max(0, limit - options.concurrency / 2) : 0
        let together = limit - alone + options.concurrency / 2
        guard round < Self.raceRounds, requestsLeft > alone + together, !alive.isEmpty else {
            areKindsDone = true
            return stage = .key
        }
        stage = .exactness(round + 1)
        steps = [.rest(fullRecovery), .mark, .send(alone), .race(together)]
    }

    private mutating func planKey() {
        let variants = options.variants.filter { !$0.isRejected }
        // What one trial does not show, a second may.
        let open = variants.filter { client in
            let trials = findings.trials.filter { $0.client == client }
            return trials.count < Self.mostTrials && trials.allSatisfy { $0.isSeparate == nil }
        }
        guard !open.isEmpty, !history.fills.isEmpty else {
            // Both begin with a rest, after which nothing is left of what other clients did.
            history.isClosed = false
            return stage = areKindsDone ? .errors(0) : .kind(0)
        }
        history.isClosed = true
        // A client that has been tried has used up some of its own limit.
        steps = findings.trials.isEmpty ? [.mark] : [.rest(fullRecovery), .mark]
        // Each fill makes sure that the primary client is denied.
        for client in open {
            let trial = Trial(client, limit: expectedLimit, concurrency: options.concurrency)
            steps += [.fill(fill()), .trial(trial)]
        }
    }

    /// Fills a queue with more and more requests at the same time until one is denied.
    private mutating func planDelay() {
        let last = findings.races.last
        let isFull = last.map { $0.admitted < $0.sent } ?? false
        guard !isFull, last.map({ $0.sent < options.concurrency }) ?? true else {
            _ = end(.complete)
            return
        }
        steps = [.rest(history.roundTrip * 4), .mark, .race(min(options.concurrency, 4 * (last?.sent ?? 2)))]
    }

    // MARK: What is known

    /// The hypotheses that are left, exact or not.
    var left: [Hypothesis] { hypotheses.filter { !$0.isRefuted } }

    /// One of them for each kind, an exact one if possible.
    var alive: [Hypothesis] {
        let left = left
        return LimiterKind.allCases.compactMap { kind in
            left.first { $0.kind == kind && !$0.leaks } ?? left.first { $0.kind == kind }
        }
    }

    /// What to expect: the exact ones that are left, or the others if there are none.
    var plausible: [Hypothesis] { isRefutedExact ? left : left.filter { !$0.leaks } }

    /// Whether every exact limiter was refuted.
    var isRefutedExact: Bool { !hypotheses.isEmpty && hypotheses.allSatisfy { $0.leaks || $0.isRefuted } }

    /// The time in which all of the limit becomes free again, as far as it is known.
    var scale: Double {
        var longest = history.recoveries.map(\.admitted).max() ?? 1
        let known = alive.compactMap { hypothesis -> Double? in
            guard let hull = hypothesis.hull, hull.length.upperBound < 1.5 * hull.length.lowerBound else { return nil }
            let tokens = hypothesis.kind == .tokenBucket ? Double(min(hull.count.upperBound, mostAdmitted)) : 1
            return hull.length.upperBound * tokens
        }
        if let most = known.max() { longest = known.count == alive.count ? most : max(longest, most) }
        if known.isEmpty, let fill = history.fills.map(\.admitted).max(), let room = history.fills.last?.admitted,
            room < fill / 2
        {
            // A bucket that has gained few tokens needs longer to be full.
            longest *= Double(fill) / Double(room + 1)
        }
        return min(longest, options.seconds / 8)
    }

    /// After this many seconds without requests a limiter admits as many as ever, as far as it is known.
    var fullRecovery: Double {
        let scale = scale
        let times = plausible.map { hypothesis -> Double in
            guard let hull = hypothesis.hull else { return 0 }
            let isKnown = hull.length.upperBound < 1.5 * hull.length.lowerBound
            switch hypothesis.kind {
            case .slidingCounter:
                return 2 * (isKnown ? hull.length.upperBound : min(hull.length.upperBound, 1.5 * scale))
            case .tokenBucket where isKnown:
                // A bucket that leaks may owe tokens.
                let debt = max(0, (findings.races.map { $0.before + $0.admitted }.max() ?? 0) - hull.count.lowerBound)
                return Double(min(hull.count.upperBound, mostAdmitted) + debt) * hull.length.upperBound
            default: return isKnown ? hull.length.upperBound : scale
            }
        }
        return Self.restShare * min(times.max() ?? 2 * scale, options.seconds / 4)
    }

    /// The limit to expect: the most that is left in any hypothesis, or the most seen.
    var expectedLimit: Int {
        let left = alive.compactMap { $0.middle?.count.upperBound }.max()
        return max(1, left ?? history.fills.map(\.admitted).max() ?? 1)
    }

    /// Requests until one is denied, one after another if that takes a small share of a window.
    func fill() -> Fill {
        let expected = history.fills.map(\.admitted).max() ?? 0
        let isAffordable = Double(expected) * history.roundTrip <= Self.sequentialShare * scale
        // Another concurrency each time, because a limiter that leaks exceeds its limit by another number then.
        let shares = [1, 4, 2]
        return Fill(
            sequential: isAffordable ? expected + expected / 4 + 10 : 2,
            chunk: max(8, expected / 4), concurrency: max(2, options.concurrency / shares[history.fills.count % 3]))
    }

    /// When to look for a recovery, from what the last denial promised.
    private var hintedOffsets: [Double] {
        guard let due = history.promises.nextDue, let anchor else { return [] }
        let (end, hint) = ((history.fills.last?.end ?? anchor) - anchor, due - anchor)
        var offsets: [Double] = []
        var gap = 0.02
        while end + gap < hint - 1.2 {
            offsets.append(end + gap)
            gap *= 1.6
        }
        // The hint is rounded to a second, one way or the other.
        return offsets + [-0.97, -0.5, 0.03, 0.5, 1.03].map { hint + $0 }.filter { $0 > end }
    }

    /// Drops the hypotheses that the evidence refutes.
    mutating func infer() {
        if hypotheses.isEmpty { hypotheses = newHypotheses }
        // Only requests in flight together tell a limiter that leaks from an exact one.
        let isConcurrent = history.batches.contains { $0.concurrency > 1 }
        let half = hypotheses.count / 2
        for index in hypotheses.indices {
            if index >= half, !isConcurrent {
                hypotheses[index].adopt(hypotheses[index - half])
            } else {
                hypotheses[index].refute(with: history.batches)
            }
        }
    }

    /// The most that one fill has used up.
    private var mostAdmitted: Int { history.fills.map(\.admitted).max() ?? 0 }

    /// Every kind, exact and not. Limits lie within what has been seen, and a half more for what others may have used.
    private var newHypotheses: [Hypothesis] {
        let most = 3 * mostAdmitted / 2 + 2
        let longest = max(1, 2 * options.seconds)
        return [false, true].flatMap { leaks in
            LimiterKind.allCases.flatMap { kind in
                let margins = kind == .slidingCounter ? [0, 0.5, 1] : [0]
                return margins.map { margin in
                    let shortest = kind == .tokenBucket ? 1e-4 : 0.1
                    return Hypothesis(
                        kind, leaks: leaks, margin: margin, within: Box(count: 1...most, length: shortest...longest))
                }
            }
        }
    }
}
