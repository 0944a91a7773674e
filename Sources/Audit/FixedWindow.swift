/// At most L admissions in a window of W that opens with the first admission after the previous window has ended, of one key.
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

    /// Admissions that are too many wherever windows lie: k windows that meet a stretch leave k − 2 whole ones inside it, so a
    /// stretch of ℓ meets at most ⌈ℓ/W⌉ + 1.
    private static func crowd(_ certain: [Interval], limit: Int, length: Int64) -> [Interval] {
        var found: (from: Int64, to: Int64)?
        AlignedWindow.forEachCluster(certain, limit: limit, length: length) { from, to, windows in
            // `windows` × limit + 1 admissions in to − from: too many if so few windows can meet that stretch.
            let meeting = (to - from + length - 1) / length + 1
            if found == nil, windows >= meeting { found = (from, to) }
        }
        guard let found else { return [] }
        return certain.filter { $0.sent >= found.from && $0.received <= found.to }
    }

    /// More than L admissions of a window whose start is known well enough, following the bounds on the starts from window to
    /// window. Requests that may or may not have been admitted would open windows unseen: there must be none.
    private static func overfullWindow(_ certain: [Interval], limit: Int, length: Int64) -> [Interval] {
        // The earliest `received` among those sent at or after the i-th, and the earliest `sent` among those received so late.
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
        // Who was sent from here on belongs to the current window or a later one.
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

    /// When a window is taken to open, within the bounds on its first admission.
    private enum Opening: CaseIterable { case earliest, latest, middle }

    /// Whether a history with windows that open so complies: those that must lie in the window do, and as many others as it
    /// has room for.
    private static func fits(_ certain: [Interval], _ opening: Opening, limit: Int, length: Int64) -> Bool {
        var earliestReceived = [Int64](repeating: .max, count: certain.count + 1)
        for index in certain.indices.reversed() {
            earliestReceived[index] = min(earliestReceived[index + 1], certain[index].received)
        }
        // Those that earlier windows left over, and the first one sent after them.
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
    /// The first index whose element satisfies the predicate, in an array partitioned by it; the end if none does.
    func partitioningIndex(where predicate: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if predicate(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
