import HeapModule

/// A bucket of B tokens for one key, refilled by n tokens in each period T.
///
/// In every stretch [a, b] it admits at most B + n(b − a)/T. To stay in whole numbers, counts and times are compared as
/// T × count and n × time.
package struct TokenBucket {
    let burst: Int64
    let tokens: Int64
    let period: Int64

    /// The bound on products of times or counts below. Times are counted from the key's first request to keep them
    /// small.
    private static let largestProduct = Int64.max / 4

    package init(burst: Int, tokens: Int, period: Int64) {
        self.burst = Int64(burst)
        self.tokens = Int64(tokens)
        self.period = period
    }

    package func audit(_ admissions: Admissions) -> KeyFinding {
        guard let origin = admissions.possible.first?.sent else { return KeyFinding(verdict: .proved) }
        guard isExact(admissions, origin) else { return KeyFinding(verdict: .undecided) }
        let certain = admissions.certain.map { $0.moved(by: origin) }
        let possible = admissions.possible.map { $0.moved(by: origin) }
        var finding = KeyFinding(verdict: .undecided)
        // The quick check first: if a compliant history exists, no stretch certainly exceeds its allowance.
        if fits(certain) {
            finding.verdict = alwaysAllows(possible) ? .proved : .consistent
        } else if let worst = worstCertain(certain) {
            finding.verdict = .failed
            finding.witnesses = certain.filter { $0.sent >= worst.from && $0.received <= worst.to }
                .map { $0.moved(by: -origin) }
        }
        return finding
    }

    /// Whether none of the products overflows.
    func isExact(_ admissions: Admissions, _ origin: Int64) -> Bool {
        let last =
            (admissions.possible + admissions.denied).map { $0.received == Interval.never ? $0.sent : $0.received }
            .max() ?? origin
        let count = Int64(admissions.possible.count)
        let products = [
            (last - origin).multipliedReportingOverflow(by: tokens),
            period.multipliedReportingOverflow(by: max(count, burst)),
        ]
        return products.allSatisfy { !$0.overflow && $0.partialValue < Self.largestProduct }
    }

    /// The stretch that most exceeds its allowance, counting only admissions that certainly lie in it.
    ///
    /// Sweeps the stretch's end b over the times of receipt and queries the tree for the best start a.
    private func worstCertain(_ certain: [Interval]) -> (from: Int64, to: Int64)? {
        var tree = StretchTree(certain.count)
        var active = 0
        var worst: (excess: Int64, from: Int64, to: Int64)?
        for index in certain.indices.sorted(by: { certain[$0].received < certain[$1].received }) {
            let end = certain[index].received
            while active < certain.count, certain[active].sent <= end {
                tree.activate(active, base: tokens * certain[active].sent)
                active += 1
            }
            // Of several starts at the same instant, the first one counts all.
            tree.add(period, at: index)
            let best = tree.best
            let excess = best.value - burst * period - tokens * end
            if excess > 0, excess > worst?.excess ?? 0 { worst = (excess, certain[best.position].sent, end) }
        }
        return worst.map { ($0.from, $0.to) }
    }

    /// Whether the bucket allows all admissions that may lie in a stretch, for every stretch.
    private func alwaysAllows(_ possible: [Interval]) -> Bool {
        var tree = PossibleStretches(self, possible)
        for (index, job) in possible.enumerated() {
            tree.insert(index)
            tree.activate(upTo: job.sent)
            guard tree.most(endingAt: job.sent) <= burst * period + tokens * job.sent else { return false }
        }
        return true
    }

    /// Whether the history complies that always admits the waiting request with the earliest `received`.
    private func fits(_ certain: [Interval]) -> Bool {
        var ready = Heap<ByLatest>()
        var next = 0
        // Both in units of `tokens` × nanoseconds: the theoretical arrival time (ITU-T I.371), and the current time.
        var arrival = Int64.min
        var now = Int64.min
        while next < certain.count || !ready.isEmpty {
            let earliest = arrival == .min ? Int64.min : arrival - (burst - 1) * period
            var instant = max(now, earliest)
            if ready.isEmpty { instant = max(instant, tokens * certain[next].sent) }
            // Round up to whole nanoseconds, like the trace's.
            if instant % tokens > 0 { instant += tokens - instant % tokens }
            while next < certain.count, tokens * certain[next].sent <= instant {
                ready.insert(ByLatest(received: certain[next].received))
                next += 1
            }
            guard let job = ready.popMin(), instant <= tokens * job.received else { return false }
            arrival = max(arrival, instant) + period
            now = instant
        }
        return true
    }
}

private struct ByLatest: Comparable {
    var received: Int64

    static func < (left: ByLatest, right: ByLatest) -> Bool { left.received < right.received }
}

extension Interval {
    /// The interval relative to another origin.
    func moved(by origin: Int64) -> Interval {
        Interval(sent: sent - origin, received: received == Self.never ? Self.never : received - origin)
    }
}
