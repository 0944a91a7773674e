/// When the value of each write of one object was certainly overwritten.
struct RegisterWrites {
    /// Sorted by the time at which they were sent.
    private let writes: [RegisterHistory.Access]
    /// For each index, which write sent at or after it was acknowledged first; nil if none was.
    private let firstAcknowledged: [Int?]
    private let byValue: [UInt32: Int]
    /// Deletions sorted by the time at which they were sent. `validUntil` is the running maximum of when each one was
    /// certainly overwritten.
    private let deletions: [(sent: Int64, validUntil: Int64)]

    init(_ writes: [RegisterHistory.Access]) {
        self.writes = writes
        var first = [Int?](repeating: nil, count: writes.count + 1)
        for index in writes.indices.reversed() {
            let later = first[index + 1]
            let isEarlier = later.map { writes[index].interval.received <= writes[$0].interval.received } ?? true
            first[index] = isEarlier && writes[index].interval.received != Interval.never ? index : later
        }
        firstAcknowledged = first
        byValue = Dictionary(
            writes.enumerated().compactMap { index, write in write.value.map { ($0, index) } },
            uniquingKeysWith: { first, _ in first })
        var deletions: [(sent: Int64, validUntil: Int64)] = []
        for write in writes where write.value == nil {
            let next = first[writes.partitioningIndex { $0.interval.sent > write.interval.received }]
            let validUntil = next.map { writes[$0].interval.received } ?? Interval.never
            deletions.append((write.interval.sent, max(validUntil, deletions.last?.validUntil ?? .min)))
        }
        self.deletions = deletions
    }

    /// The write of a value; nil for one that was never written.
    func write(of value: UInt32) -> RegisterHistory.Access? { byValue[value].map { writes[$0] } }

    /// Of the writes that certainly came after the value was written, the one that was acknowledged first.
    func overwrite(of value: UInt32) -> RegisterHistory.Access? {
        guard let write = byValue[value] else { return firstWrite }
        let after = writes.partitioningIndex { $0.interval.sent > writes[write].interval.received }
        return firstAcknowledged[after].map { writes[$0] }
    }

    /// The write that certainly overwrote the object's initial value, acknowledged first.
    var firstWrite: RegisterHistory.Access? { firstAcknowledged[0].map { writes[$0] } }

    /// Whether some deletion, sent by the end of the read, was not certainly overwritten before the read was sent.
    func mayBeDeleted(at read: Interval) -> Bool {
        let known = deletions.partitioningIndex { $0.sent > read.received }
        return known > 0 && deletions[known - 1].validUntil >= read.sent
    }
}
