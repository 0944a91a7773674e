/// Which writes of one object may explain what a read shows.
struct RegisterWrites {
    /// The writes of one value that were sent by some instant.
    struct Explanation: Equatable {
        var earliestSent: Int64
        var latestSent: Int64
        var latestReceived: Int64
        /// The write that certainly overwrote all of them, acknowledged first; nil if one of them may still be current.
        var overwriter: RegisterHistory.Access?
    }

    /// Sorted by the time at which they were sent.
    private let writes: [RegisterHistory.Access]
    /// For each index, which write sent at or after it was acknowledged first; nil if none was.
    private let firstAcknowledged: [Int?]
    /// Indices of `writes`, sorted by value and then by the time at which they were sent.
    private var order: [Int]
    /// For each place in `order`, about the writes of its value up to there: the last to be received, and the index of
    /// the write that overwrote the last of them.
    private var latestReceived: [Int64] = []
    private var overwriters: [Int?] = []

    /// - Parameter writes: sorted by the time at which they were sent.
    init(_ writes: [RegisterHistory.Access]) {
        self.writes = writes
        var first = [Int?](repeating: nil, count: writes.count + 1)
        for index in writes.indices.reversed() {
            let later = first[index + 1]
            let isEarlier = later.map { writes[index].interval.received <= writes[$0].interval.received } ?? true
            first[index] = isEarlier && writes[index].interval.received != Interval.never ? index : later
        }
        firstAcknowledged = first
        // Usually the values ascend, and nothing is moved.
        order = writes.indices.sorted { (Self.rank(writes[$0].value), $0) < (Self.rank(writes[$1].value), $1) }
        for (place, index) in order.enumerated() {
            let isSame = place > 0 && writes[order[place - 1]].value == writes[index].value
            let own = Self.overwriter(of: index, writes, first)
            latestReceived.append(
                max(writes[index].interval.received, isSame ? latestReceived[place - 1] : .min))
            let before = isSame ? overwriters[place - 1] : own
            if let own, let before {
                overwriters.append(writes[before].interval.received > writes[own].interval.received ? before : own)
            } else {
                overwriters.append(nil)
            }
        }
    }

    /// Of the writes that were certainly made after another, the one that was acknowledged first.
    private static func overwriter(
        of index: Int, _ writes: [RegisterHistory.Access], _ firstAcknowledged: [Int?]
    ) -> Int? {
        firstAcknowledged[writes.partitioningIndex { $0.interval.sent > writes[index].interval.received }]
    }

    private static func rank(_ value: UInt32?) -> Int64 { value.map { Int64($0) } ?? -1 }

    func isWritten(_ value: UInt32) -> Bool {
        let place = order.partitioningIndex { Self.rank(writes[$0].value) >= Self.rank(value) }
        return place < order.count && writes[order[place]].value == value
    }

    /// The writes of a value, or the deletions, that were sent by an instant; nil if there are none.
    func explanation(of value: UInt32?, by instant: Int64) -> Explanation? {
        let places = places(of: value, by: instant)
        guard let last = places.last else { return nil }
        return Explanation(
            earliestSent: writes[order[places.lowerBound]].interval.sent,
            latestSent: writes[order[last]].interval.sent, latestReceived: latestReceived[last],
            overwriter: overwriters[last].map { writes[$0] })
    }

    private func places(of value: UInt32?, by instant: Int64) -> Range<Int> {
        let rank = Self.rank(value)
        let start = order.partitioningIndex { Self.rank(writes[$0].value) >= rank }
        let end = order.partitioningIndex {
            (Self.rank(writes[$0].value), writes[$0].interval.sent) > (rank, instant)
        }
        return start..<max(start, end)
    }

    /// When the first deletion was sent that a read of an absent object may show; nil if none or too many may be.
    func earliestDeletion(shownBy read: Interval) -> Int64? {
        var earliest: Int64?
        for place in places(of: nil, by: read.received).reversed().prefix(32) {
            // All earlier ones were certainly overwritten before the read.
            if let all = overwriters[place], writes[all].interval.received < read.sent { return earliest }
            let own = Self.overwriter(of: order[place], writes, firstAcknowledged)
            if own.map({ writes[$0].interval.received >= read.sent }) ?? true {
                earliest = writes[order[place]].interval.sent
            }
        }
        return places(of: nil, by: read.received).count > 32 ? nil : earliest
    }

    /// The write that certainly overwrote the object's initial value, acknowledged first.
    var firstWrite: RegisterHistory.Access? { firstAcknowledged[0].map { writes[$0] } }
}
