/// At most L admissions in each window of a clock of unknown phase: the windows [φ + kW, φ + (k + 1)W), one φ for all keys.
package enum AlignedWindow {
    /// Windows in a row that are looked at together, at most. More of them prove more, and take longer.
    private static let mostWindows = 8
    /// Phases that are tried for a history that complies.
    private static let mostTrials = 48

    /// What all keys together show.
    package struct Finding: Equatable, Sendable {
        package var verdict: AuditVerdict
        /// A phase for which a compliant history exists, in nanoseconds of the trace's clock modulo the window.
        package var phase: Int64?
        /// Phases that the trace does not rule out, in nanoseconds; 0 if failed.
        package var phasesLeft: Int64
        /// Of a failed verdict, a key whose admissions rule out the most phases, and those admissions.
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

    /// Calls `body` with the ends of each cluster that rules out phases: `windows` × limit + 1 admissions between `from` and
    /// `to`, which so cannot all lie within `windows` windows in a row.
    static func forEachCluster(
        _ certain: [Interval], limit: Int, length: Int64, _ body: (_ from: Int64, _ to: Int64, _ windows: Int) -> Void
    ) {
        // Sorted by when they were sent. Intervals are short, so that a new one goes near the end.
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
            // What lies behind all clusters that are looked at is done with.
            let needed = mostWindows * limit + 1
            if inside.count > 4 * needed + 64 { inside.removeFirst(inside.count - needed) }
        }
    }

    /// Phases to try, spread over what is left.
    static func trials(_ gaps: [Range<Int64>]) -> [Int64] {
        let widest = gaps.sorted { $0.count > $1.count }.prefix(mostTrials / 3)
        return widest.flatMap { [$0.lowerBound, $0.lowerBound + Int64($0.count) / 2, $0.upperBound - 1] }
    }

    /// Whether windows of this phase hold all admissions: in order of `received`, each goes into the earliest window that it
    /// can lie in and that has room, which is exact (Glover, "Maximum matching in a convex bipartite graph", 1967).
    private static func fits(_ certain: [Interval], phase: Int64, limit: Int, length: Int64) -> Bool {
        var counts: [Int64: Int] = [:]
        // The first window with room at or after a full one, found once and remembered.
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
