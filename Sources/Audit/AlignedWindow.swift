/// At most L admissions in each window of a clock of unknown phase.
///
/// The windows are [φ + kW, φ + (k + 1)W), with one φ for all keys.
package enum AlignedWindow {
    /// The most consecutive windows examined together. More of them prove more and take longer.
    private static let mostWindows = 8
    /// The most phases tried in the search for a compliant history.
    private static let mostTrials = 48

    /// The finding for all keys together.
    package struct Finding: Equatable, Sendable {
        package var verdict: AuditVerdict
        /// A phase for which a compliant history exists, in nanoseconds of the trace's clock modulo the window.
        package var phase: Int64?
        /// The total length of the phases that the trace does not rule out, in nanoseconds; 0 if failed.
        package var phasesLeft: Int64
        /// For a failed verdict, the key with the single cluster that rules out the most phases. `witnesses` is that
        /// cluster.
        package var witnessKey: Int?
        package var witnesses: [Interval] = []
    }

    /// - Parameter keys: the admissions of every key.
    package static func audit(_ keys: [Admissions], limit: Int, length: Int64) -> Finding {
        var excluded = PhaseArcs(circumference: length)
        var strongest: (key: Int, excludes: Int64, from: Int64, to: Int64)?
        for (number, key) in keys.enumerated() {
            forEachCluster(key.certain, limit: limit, length: length) { from, to, windows in
                let excludes = Int64(windows) * length - (to - from)
                excluded.insert(from: to - Int64(windows) * length + 1, length: excludes)
                if strongest.map({ excludes > $0.excludes }) ?? true { strongest = (number, excludes, from, to) }
            }
        }
        let gaps = excluded.gaps
        guard !gaps.isEmpty else {
            var finding = Finding(verdict: .failed, phase: nil, phasesLeft: 0, witnessKey: strongest?.key)
            if let strongest {
                finding.witnesses = keys[strongest.key].certain.filter {
                    $0.sent >= strongest.from && $0.received <= strongest.to
                }
            }
            return finding
        }
        let left = gaps.reduce(0) { $0 + Int64($1.count) }
        if keys.allSatisfy({ SlidingWindow.mostPossible($0.possible, length: length) <= limit }) {
            return Finding(verdict: .proved, phase: gaps[0].lowerBound, phasesLeft: left)
        }
        let phase = trials(gaps).first { phase in
            keys.allSatisfy { fits($0.certain, phase: phase, limit: limit, length: length) }
        }
        return Finding(verdict: phase == nil ? .undecided : .consistent, phase: phase, phasesLeft: left)
    }

    /// Calls `body` for each cluster of admissions that rules out phases.
    ///
    /// A cluster is `windows` × limit + 1 admissions between `from` and `to`, closer together than `windows` windows,
    /// so that they cannot all lie within `windows` consecutive ones.
    static func forEachCluster(
        _ certain: [Interval], limit: Int, length: Int64, _ body: (_ from: Int64, _ to: Int64, _ windows: Int) -> Void
    ) {
        // Sorted by `sent`. Intervals are short, so a new one is inserted near the end.
        var inside: [Int64] = []
        for job in certain.sorted(by: { $0.received < $1.received }) {
            var position = inside.count
            while position > 0, inside[position - 1] > job.sent { position -= 1 }
            inside.insert(job.sent, at: position)
            for windows in 1...mostWindows {
                let index = inside.count - windows * limit - 1
                guard index >= 0 else { break }
                if Int64(windows) * length > job.received - inside[index] { body(inside[index], job.received, windows) }
            }
            // Drop admissions that are too old for any cluster to come.
            let needed = mostWindows * limit + 1
            if inside.count > 4 * needed + 64 { inside.removeFirst(inside.count - needed) }
        }
    }

    /// Phases to try, spread over those not ruled out.
    static func trials(_ gaps: [Range<Int64>]) -> [Int64] {
        let widest = gaps.sorted { $0.count > $1.count }.prefix(mostTrials / 3)
        return widest.flatMap { [$0.lowerBound, $0.lowerBound + Int64($0.count) / 2, $0.upperBound - 1] }
    }

    /// Whether windows of this phase can hold all admissions.
    ///
    /// In order of `received`, each admission goes into the earliest window in its interval that has room. This is
    /// exact (Glover, "Maximum matching in a convex bipartite graph", 1967).
    private static func fits(_ certain: [Interval], phase: Int64, limit: Int, length: Int64) -> Bool {
        var counts: [Int64: Int] = [:]
        // For each full window, a later window to look for room in: a union-find forest with path compression.
        var next: [Int64: Int64] = [:]
        func window(_ instant: Int64) -> Int64 { (instant - phase).floorDivided(by: length) }
        func room(from start: Int64) -> Int64 {
            var found = start
            while let after = next[found] { found = after }
            var step = start
            while let after = next[step] {
                next[step] = found
                step = after
            }
            return found
        }
        for job in certain.sorted(by: { $0.received < $1.received }) {
            let place = room(from: window(job.sent))
            guard place <= window(job.received) else { return false }
            counts[place, default: 0] += 1
            if counts[place] == limit { next[place] = place + 1 }
        }
        return true
    }
}

extension Int64 {
    /// Rounded towards negative infinity.
    func floorDivided(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
