import Foundation

extension LimitProbe {
    /// What has been found out; complete once the probe has finished.
    package var result: LimitFindings { findings }

    /// Draws the conclusions.
    mutating func conclude(_ reason: LimitFindings.End) {
        if !history.batches.isEmpty, !history.fills.isEmpty, !findings.isDelayed { infer() }
        findings.end = reason
        findings.requests = history.count
        findings.seconds = (history.span?.upperBound ?? 0) - (history.span?.lowerBound ?? 0)
        if findings.isDelayed { return concludeDelay() }
        let denied = history.batches.reduce(0) { $0 + $1.denied }
        guard denied > 0 else { return concludeAbsence() }
        findings.present = Finding(true, .certain, "\(denied) of \(history.count) requests were denied")
        concludeKind()
        if let kind = findings.kind.value, kind != LimiterKind.tokenBucket.name {
            findings.burst.evidence = "not a token bucket"
            findings.rate.evidence = "not a token bucket"
        }
        concludeUnseenWindow()
        concludeExactness()
        concludeKey()
        concludeErrors()
        concludeRetryAfter()
        concludeFields()
    }

    /// A limit above what was sent cannot be ruled out, nor a queue that looks like a slow server.
    private mutating func concludeAbsence() {
        let admitted = history.batches.reduce(0) { $0 + $1.admitted }
        let largest = history.batches.map(\.concurrency).max() ?? 1
        findings.present.evidence =
            "none of \(admitted) requests in \(Self.text(findings.seconds)) s was denied; up to \(largest) were in flight at the same time"
    }

    /// A window that outlasts the budget has a lower bound.
    private mutating func concludeUnseenWindow() {
        guard findings.window.value == nil, findings.rate.value == nil, let fill = history.fills.first,
            !history.recoveries.contains(where: \.isAdmitted)
        else { return }
        let seconds = (history.batches.last { $0.denied > 0 }?.start ?? fill.end) - fill.end
        findings.window.evidence =
            "longer than \(Self.text(max(0, seconds))) s: no request was admitted until the budget ended"
    }

    private mutating func concludeKind() {
        let alive = alive
        let evidence = "\(history.batches.count) observations"
        findings.kinds = LimiterKind.allCases.filter { kind in alive.contains { $0.kind == kind } }.map(\.name)
            .reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
        guard !alive.isEmpty else {
            findings.kind.evidence =
                hypotheses.isEmpty ? "the probe ended too early" : "no known kind explains the \(evidence)"
            return
        }
        let refuted = LimiterKind.allCases.map(\.name).filter { !findings.kinds.contains($0) }
            .reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        if findings.kinds.count == 1 {
            findings.kind = Finding(
                findings.kinds[0], .certain, "\(evidence) refute \(refuted.joined(separator: ", "))")
        } else {
            findings.kind.evidence = "\(evidence) fit \(findings.kinds.joined(separator: ", "))"
        }
        let counting = Set(alive.map { $0.kind == .slidingWindowOfAll })
        findings.countsDenied =
            counting.count == 1
            ? Finding(
                counting.first, .certain,
                counting.first == true ? "denied requests prolong the wait" : "denied requests do not prolong the wait")
            : Finding(nil, .unknown, "the observations fit both")
        concludeLimits(alive)
    }

    private mutating func concludeLimits(_ alive: [Hypothesis]) {
        // If the limit is too high to be used up by one request after another, a limiter that leaks but happened never to
        // do so is unlikely, but not refuted.
        let areSequential = history.fills.allSatisfy(\.isSequential)
        let explaining = isRefutedExact || areSequential ? left : left.filter { !$0.leaks }
        guard let hull = Self.hull(of: explaining), let widest = Self.hull(of: left) else { return }
        let count = hull.count
        let isCertain = count.count == 1
        let limit = Finding(
            isCertain ? count.lowerBound : nil, widest.count == count ? .certain : .likely,
            isCertain
                ? widest.count == count
                    ? "no other limit explains the observations"
                    : "no other limit explains the observations, unless requests in flight together are counted wrongly"
                : "between \(count.lowerBound) and \(count.upperBound)")
        findings.limit = limit
        let buckets = Self.hull(of: explaining.filter { $0.kind == .tokenBucket })
        if let windows = Self.hull(of: explaining.filter { $0.kind != .tokenBucket }) {
            // A bucket of one token is a window of one request. Any other has no window.
            let isWindow = buckets.map { $0.count == 1...1 } ?? true
            let length = buckets.map { windows.length.hull($0.length) } ?? windows.length
            findings.window =
                isWindow
                ? Self.measured(length, unit: "s")
                : Finding(
                    nil, .unknown,
                    "between \(Self.text(length.lowerBound)) and \(Self.text(length.upperBound)) s, "
                        + "unless it is a token bucket")
        }
        guard alive.allSatisfy({ $0.kind == .tokenBucket }),
            let bucket = Self.hull(of: explaining)
        else { return }
        let length = bucket.length
        findings.burst = limit
        findings.rate = Self.measured((1 / length.upperBound)...(1 / length.lowerBound), unit: "per second")
        findings.window = Finding(nil, .unknown, "a token bucket has no window")
    }

    private static func hull(of hypotheses: [Hypothesis]) -> Box? {
        let hulls = hypotheses.compactMap(\.hull)
        return hulls.dropFirst().reduce(hulls.first) { $0?.union($1) }
    }

    /// A measured value: the roundest number within the bounds, if they are close.
    static func measured(_ bounds: ClosedRange<Double>, unit: String) -> Finding<Double> {
        let evidence = "between \(text(bounds.lowerBound)) and \(text(bounds.upperBound)) \(unit)"
        guard bounds.upperBound <= bounds.lowerBound * 1.08 else { return Finding(nil, .unknown, evidence) }
        return Finding(roundest(in: bounds), .certain, evidence)
    }

    /// The number with the fewest digits in a range, or close to it.
    static func roundest(in bounds: ClosedRange<Double>) -> Double {
        let middle = (bounds.lowerBound + bounds.upperBound) / 2
        let slack = middle * 0.004
        var unit = pow(10, (log10(bounds.upperBound)).rounded(.down))
        for _ in 0..<4 {
            for step in [unit, unit / 2] {
                let candidate = (middle / step).rounded() * step
                if candidate >= bounds.lowerBound - slack, candidate <= bounds.upperBound + slack { return candidate }
            }
            unit /= 10
        }
        return middle
    }

    private mutating func concludeDelay() {
        findings.present = Finding(true, .certain, "requests sent one after another are held back")
        findings.kind = Finding("delay", .likely, "each request after the first waits its turn")
        findings.kinds = ["delay"]
        let turns = history.durations.dropFirst().sorted()
        if !turns.isEmpty {
            let turn = turns[turns.count / 2]
            findings.rate = Self.measured((1 / (turn * 1.03))...(1 / (turn * 0.97)), unit: "per second")
        }
        if let race = findings.races.last {
            findings.burst =
                race.admitted < race.sent
                ? Finding(
                    race.admitted, .likely,
                    "of \(race.sent) requests sent at the same time, \(race.sent - race.admitted) were denied")
                : Finding(nil, .unknown, "at least \(race.sent)")
        }
    }

    static func text(_ value: Double) -> String {
        value >= 100
            ? String(format: "%.0f", value) : value >= 1 ? String(format: "%.2f", value) : String(format: "%.4g", value)
    }
}
