import HeapModule

/// At most L admissions of one key in any stretch of W.
///
/// Every admission occupies one of L slots for W. The trace can be explained if and only if equal jobs of length W, one
/// for each admission, fit on L machines with release times `sent` and latest starts `received`: see ``SlotSchedule``.
package enum SlidingWindow {
    package static func audit(_ admissions: Admissions, limit: Int, length: Int64) -> KeyFinding {
        var finding = KeyFinding(
            verdict: .undecided, certainMost: mostCertain(admissions.certain, length: length),
            possibleMost: mostPossible(admissions.possible, length: length))
        if finding.certainMost > limit {
            finding.verdict = .failed
            finding.witnesses = densestCluster(admissions.certain, limit: limit, length: length)
        } else if finding.possibleMost <= limit {
            finding.verdict = .proved
        } else {
            switch SlotSchedule.find(admissions.certain, slots: limit, length: length) {
            case .feasible: finding.verdict = .consistent
            case .infeasible(let jobs): (finding.verdict, finding.witnesses) = (.failed, jobs)
            case .undecided: break
            }
        }
        return finding
    }

    /// The `limit` + 1 admissions that lie closest together, with any others between them.
    ///
    /// Empty unless they certainly fell into one stretch shorter than `length`.
    private static func densestCluster(_ certain: [Interval], limit: Int, length: Int64) -> [Interval] {
        var inside = Heap<BySent>()
        var tightest: (span: Int64, end: Int64)?
        for job in certain.sorted(by: { $0.received < $1.received }) {
            inside.insert(BySent(interval: job))
            while let first = inside.min, first.interval.sent <= job.received - length { inside.removeMin() }
            while inside.count > limit + 1 { inside.removeMin() }
            guard inside.count > limit, let first = inside.min else { continue }
            let span = job.received - first.interval.sent
            if tightest.map({ span < $0.span }) ?? true { tightest = (span, job.received) }
        }
        guard let tightest else { return [] }
        return certain.filter { $0.received <= tightest.end && $0.sent >= tightest.end - tightest.span }
    }

    /// The most admissions that certainly fell into one stretch shorter than `length`.
    ///
    /// - Parameter certain: sorted by the time at which they were sent.
    static func mostCertain(_ certain: [Interval], length: Int64) -> Int {
        guard certain.allSatisfy({ $0.received - $0.sent < length }) else {
            return mostCertainOfLong(certain, length: length)
        }
        // Those that were sent before the stretch begins also end before it does.
        var (most, before) = (0, 0)
        for (index, end) in certain.sortedEnds.enumerated() {
            while certain[before].sent <= end - length { before += 1 }
            most = max(most, index + 1 - before)
        }
        return most
    }

    /// The same for intervals that may be longer than `length`.
    private static func mostCertainOfLong(_ certain: [Interval], length: Int64) -> Int {
        var inside = Heap<BySent>()
        var most = 0
        for job in certain.sorted(by: { $0.received < $1.received }) {
            inside.insert(BySent(interval: job))
            while let first = inside.min, first.interval.sent <= job.received - length { inside.removeMin() }
            most = max(most, inside.count)
        }
        return most
    }

    /// The most admissions that may have fallen into one stretch (t − length, t].
    ///
    /// - Parameter possible: sorted by the time at which they were sent.
    static func mostPossible(_ possible: [Interval], length: Int64) -> Int {
        let ends = possible.sortedEnds
        var (most, before) = (0, 0)
        for (index, job) in possible.enumerated() {
            while ends[before] <= job.sent - length { before += 1 }
            most = max(most, index + 1 - before)
        }
        return most
    }
}

extension [Interval] {
    /// The times of receipt in ascending order.
    fileprivate var sortedEnds: [Int64] {
        var ends = map(\.received)
        // Requests of one key rarely overlap.
        if zip(ends, ends.dropFirst()).contains(where: { $0 > $1 }) { ends.sort() }
        return ends
    }
}

/// Orders intervals by their start.
private struct BySent: Comparable {
    var interval: Interval

    static func < (left: BySent, right: BySent) -> Bool { left.interval.sent < right.interval.sent }
}
