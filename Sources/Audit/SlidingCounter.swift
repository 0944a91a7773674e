/// Aligned windows of unknown phase, with the previous window weighted: what a counter of two windows enforces.
///
/// An admission needs previous × (1 − elapsed/W) + current < L (Cloudflare, "How we built rate limiting capable of
/// scaling to millions of domains", 2017). Implementations round differently. The condition is the weakest of them, so
/// that a failed verdict holds for each.
package enum SlidingCounter {
    package static func audit(_ keys: [Admissions], limit: Int, length: Int64) -> AlignedWindow.Finding {
        var finding = AlignedWindow.audit(keys, limit: limit, length: length)
        // No window ever holds more than L, so a trace that fails for aligned windows fails here too. The converse is
        // not true: the weight of the previous window counts as well.
        guard finding.verdict != .failed else { return finding }
        // The weighted count of two windows is at most the number of their admissions.
        if keys.allSatisfy({ SlidingWindow.mostPossible($0.possible, length: 2 * length) <= limit }) {
            finding.verdict = .proved
            return finding
        }
        let candidates = [finding.phase].compactMap { $0 } + trials(keys, limit: limit, length: length)
        let phase = candidates.first { phase in
            keys.allSatisfy { key in
                Placement.allCases.contains { complies(key.certain, $0, phase: phase, limit: limit, length: length) }
            }
        }
        finding.phase = phase
        finding.verdict = phase == nil ? .undecided : .consistent
        return finding
    }

    private static func trials(_ keys: [Admissions], limit: Int, length: Int64) -> [Int64] {
        var excluded = PhaseArcs(circumference: length)
        for key in keys {
            AlignedWindow.forEachCluster(key.certain, limit: limit, length: length) { from, to, windows in
                excluded.insert(
                    from: to - Int64(windows) * length + 1, length: Int64(windows) * length - (to - from))
            }
        }
        return AlignedWindow.trials(excluded.gaps)
    }

    /// Where to assume that each admission lies in its interval.
    private enum Placement: CaseIterable { case earliest, latest }

    private static func complies(
        _ certain: [Interval], _ placement: Placement, phase: Int64, limit: Int, length: Int64
    ) -> Bool {
        let instants = certain.map { placement == .earliest ? $0.sent : $0.received }.sorted()
        var (window, previous, current) = (Int64.min, 0, 0)
        for instant in instants {
            let place = (instant - phase).floorDivided(by: length)
            if place != window {
                previous = place - 1 == window ? current : 0
                (window, current) = (place, 0)
            }
            let covered = length - (instant - phase - place * length)
            // previous × covered / W + current < L, without a division.
            guard Double(previous) * Double(covered) < Double(limit - current) * Double(length) else { return false }
            current += 1
        }
        return true
    }
}
