/// At most L admissions of one key in a window of W, opened by the first admission after the previous window has ended.
package enum FixedWindow {
    package static func audit(_ admissions: Admissions, limit: Int, length: Int64) -> KeyFinding {
        var finding = KeyFinding(
            verdict: .undecided, certainMost: SlidingWindow.mostCertain(admissions.certain, length: length),
            possibleMost: SlidingWindow.mostPossible(admissions.possible, length: length))
        if finding.possibleMost <= limit {
            finding.verdict = .proved
            return finding
        }
        finding.witnesses = crowd(admissions.certain, limit: limit, length: length)
        if finding.witnesses.isEmpty, !admissions.hasUncertain {
            finding.witnesses = overfullWindow(admissions.certain, limit: limit, length: length)
        }
        if !finding.witnesses.isEmpty {
            finding.verdict = .failed
        } else if Opening.allCases.contains(where: { fits(admissions.certain, $0, limit: limit, length: length) }) {
            finding.verdict = .consistent
        }
        return finding
    }

    /// Admissions that are too many wherever windows lie.
    ///
    /// Of k windows that meet a stretch, at least k − 2 lie entirely in it. So a stretch of length ℓ meets at most
    /// ⌈ℓ/W⌉ + 1 windows.
    private static func crowd(_ certain: [Interval], limit: Int, length: Int64) -> [Interval] {
        var found: (from: Int64, to: Int64)?
        AlignedWindow.forEachCluster(certain, limit: limit, length: length) { from, to, windows in
            // There are `windows` × limit + 1 admissions in to − from: too many if at most `windows` windows can meet
            // it.
            let meeting = (to - from + length - 1) / length + 1
            if found == nil, windows >= meeting { found = (from, to) }
        }
        guard let found else { return [] }
        return certain.filter { $0.sent >= found.from && $0.received <= found.to }
    }

    /// More than L admissions in a window whose start is known closely enough.
    ///
    /// Bounds on the start are carried from window to window. There must be no requests that may have been admitted:
    /// they could open windows unseen.
    private static func overfullWindow(_ certain: [Interval], limit: Int, length: Int64) -> [Interval] {
        // Suffix minima: the earliest `received` of those sent at or after the i-th, and the earliest `sent` of those
        // received at or after the i-th.
        let bySent = certain
        var earliestReceived = [Int64](repeating: .max, count: bySent.count + 1)
        for index in bySent.indices.reversed() {
            earliestReceived[index] = min(earliestReceived[index + 1], bySent[index].received)
        }
        let byReceived = certain.sorted { $0.received < $1.received }
        var earliestSent = [Int64](repeating: .max, count: byReceived.count + 1)
        for index in byReceived.indices.reversed() {
            earliestSent[index] = min(earliestSent[index + 1], byReceived[index].sent)
        }
        guard var low = bySent.first?.sent else { return [] }
        var high = earliestReceived[0]
        // A request sent at or after this instant belongs to the current window or a later one.
        var since = Int64.min
        while true {
            let first = bySent.partitioningIndex { $0.sent >= since }
            let end = low + length
            let inside = bySent[first...].prefix { $0.sent < end }.filter { $0.received < end }
            if inside.count > limit { return inside }
            since = high.saturatingAdd(length)
            let after = bySent.partitioningIndex { $0.sent >= since }
            guard after < bySent.count else { return [] }
            high = earliestReceived[after]
            low = max(end, earliestSent[byReceived.partitioningIndex { $0.received >= end }])
        }
    }

    /// Where to assume that a window opens, within the bounds on its first admission.
    private enum Opening: CaseIterable { case earliest, latest, middle }

    /// Whether a compliant history exists in which windows open as given.
    ///
    /// Each window takes the admissions that must lie in it, and as many others as fit.
    private static func fits(_ certain: [Interval], _ opening: Opening, limit: Int, length: Int64) -> Bool {
        var earliestReceived = [Int64](repeating: .max, count: certain.count + 1)
        for index in certain.indices.reversed() {
            earliestReceived[index] = min(earliestReceived[index + 1], certain[index].received)
        }
        // Admissions that earlier windows left over, and the index of the next one by `sent`.
        var left: [Interval] = []
        var next = 0
        var since = Int64.min
        while !left.isEmpty || next < certain.count {
            var (earliest, latest) = (Int64.max, earliestReceived[next])
            if next < certain.count { earliest = max(certain[next].sent, since) }
            for job in left {
                earliest = min(earliest, max(job.sent, since))
                latest = min(latest, job.received)
            }
            guard latest >= earliest else { return false }
            let start =
                switch opening {
                case .earliest: earliest
                case .latest: latest
                case .middle: earliest + (latest - earliest) / 2
                }
            let end = start.saturatingAdd(length)
            var candidates = left
            while next < certain.count, certain[next].sent < end {
                candidates.append(certain[next])
                next += 1
            }
            candidates.sort { $0.received < $1.received }
            guard candidates.prefix(limit).contains(where: { $0.sent <= start }) else { return false }
            left = Array(candidates.dropFirst(limit))
            guard left.allSatisfy({ $0.received >= end }) else { return false }
            since = end
        }
        return true
    }
}

extension Array {
    /// The first index with an element that satisfies the predicate, in a partitioned array; `count` if there is none.
    func partitioningIndex(where predicate: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if predicate(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
