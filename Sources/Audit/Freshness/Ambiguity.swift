/// Finds reads for which the writes' intervals leave several values correct.
struct Ambiguity {
    private let sent: [Int64]
    private let received: [Int64]

    init(_ writes: [Interval]) {
        sent = writes.map(\.sent).sorted()
        received = writes.map(\.received).sorted()
    }

    /// Whether a write may have been made while the read was under way.
    func overlaps(_ read: Interval) -> Bool {
        // Writes sent by the end of the read, minus those that ended before its start.
        sent.partitioningIndex { $0 > read.received } > received.partitioningIndex { $0 >= read.sent }
    }

    /// Whether another write may have come after the one whose value the read shows.
    ///
    /// - Parameter latestSent: when that write was sent; nil if the read shows the initial value.
    func isUnordered(_ read: Interval, latestSent: Int64?) -> Bool {
        let known = sent.partitioningIndex { $0 > read.received }
        guard let latestSent else { return known > 0 }
        return known - received.partitioningIndex { $0 >= latestSent } > 1
    }
}
