/// How often reads are stale, by the time since the last write before them was acknowledged.
package struct StalenessCurve: Equatable, Sendable {
    package struct Bin: Equatable, Sendable {
        /// The time since the acknowledgement, in nanoseconds; the last bin has no end.
        package var from: Int64
        package var to: Int64?
        package var reads = 0
        package var stale = 0

        package var share: Double { reads == 0 ? 0 : Double(stale) / Double(reads) }

        /// The 95% interval of the probability (Wilson, "Probable inference, the law of succession, and statistical
        /// inference", 1927).
        package var interval: ClosedRange<Double> {
            guard reads > 0 else { return 0...1 }
            let (count, z) = (Double(reads), 1.959964)
            let center = (share + z * z / (2 * count)) / (1 + z * z / count)
            let half =
                z / (1 + z * z / count) * (share * (1 - share) / count + z * z / (4 * count * count)).squareRoot()
            return (stale == 0 ? 0 : max(0, center - half))...(stale == reads ? 1 : min(1, center + half))
        }
    }

    private static let edges: [Int64] =
        [0]
        + (0..<5).flatMap { power in
            let unit = (0..<power).reduce(Int64(1_000_000)) { unit, _ in 10 * unit }
            return [unit, 2 * unit, 5 * unit]
        }

    private var all = zip(Self.edges, Self.edges.dropFirst().map(Optional.some) + [nil]).map { Bin(from: $0, to: $1) }

    package init() {}

    /// The bins that have reads.
    package var bins: [Bin] { all.filter { $0.reads > 0 } }

    mutating func note(_ elapsed: Int64, isStale: Bool) {
        let index = Self.edges.partitioningIndex { $0 > elapsed } - 1
        guard index >= 0 else { return }
        all[index].reads += 1
        if isStale { all[index].stale += 1 }
    }

    static func += (left: inout StalenessCurve, right: StalenessCurve) {
        for index in left.all.indices {
            left.all[index].reads += right.all[index].reads
            left.all[index].stale += right.all[index].stale
        }
    }
}

/// When the last write before an instant was acknowledged.
struct Acknowledgements {
    private let received: [Int64]

    init(_ intervals: some Sequence<Interval>) {
        received = intervals.lazy.map(\.received).filter { $0 != Interval.never }.sorted()
    }

    /// The time since then; nil if there was none.
    func elapsed(before instant: Int64) -> Int64? {
        let count = received.partitioningIndex { $0 >= instant }
        return count == 0 ? nil : instant - received[count - 1]
    }
}
