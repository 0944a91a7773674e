import HeapModule

/// At most L admissions of one key in any stretch of W.
///
/// Every admission occupies one of L slots for W. The trace can be explained if and only if equal jobs of length W, one
/// for each admission, fit on L machines with release times `sent` and latest starts `received`: see ``SlotSchedule``.
package enum SlidingWindow {
    package static func audit(_ admissions: Admissions, limit: Int, length: Int64) -> KeyFinding {
        let witnesses = densestCluster(admissions.certain, limit: limit, length: length)
        var finding = KeyFinding(
            verdict: .undecided, certainMost: mostCertain(admissions.certain, length: length),
            possibleMost: mostPossible(admissions.possible, length: length))
        if !witnesses.isEmpty {
            (finding.verdict, finding.witnesses) = (.failed, witnesses)
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
    static func mostCertain(_ certain: [Interval], length: Int64) -> Int {
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
    static func mostPossible(_ possible: [Interval], length: Int64) -> Int {
        var inside = Heap<Int64>()
        var most = 0
        for job in possible {
            inside.insert(job.received)
            while let first = inside.min, first <= job.sent - length { inside.removeMin() }
            most = max(most, inside.count)
        }
        return most
    }
}

/// Orders intervals by their start.
private struct BySent: Comparable {
    var interval: Interval

    static func < (left: BySent, right: BySent) -> Bool { left.interval.sent < right.interval.sent }
}
