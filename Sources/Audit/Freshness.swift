/// Reads of one object that show an old value although a newer one was acknowledged before they were sent.
package struct Freshness: Equatable, Sendable {
    package struct Stale: Equatable, Sendable {
        package var read: RegisterHistory.Access
        /// The write that the read should have shown, or a later one.
        package var write: RegisterHistory.Access
        /// How long the value had been out of date, in nanoseconds: the least and the most.
        package var age: ClosedRange<Int64> {
            let least = read.interval.sent - write.interval.received
            return least...max(least, read.interval.received - write.interval.sent)
        }
    }

    package var reads = 0
    /// Reads that may have overlapped a write: either value is correct.
    package var overlapping = 0
    package var stale: [Stale] = []
    /// Reads that show a value before any write of it was sent.
    package var phantoms: [RegisterHistory.Access] = []
    /// Reads that show an older value than an earlier read of the same user did.
    package var backwards: [RegisterHistory.Access] = []

    package init(_ history: RegisterHistory) {
        let writes = RegisterWrites(history.writes)
        reads = history.reads.count
        // The value before the first write appears in no write. There is at most one such value.
        let initial = history.reads.first { $0.value.map { writes.write(of: $0) == nil } ?? true }?.value
        for read in history.reads {
            if let value = read.value {
                let write = writes.write(of: value)
                if write.map({ $0.interval.sent > read.interval.received }) ?? (value != initial) {
                    phantoms.append(read)
                } else if let newer = writes.overwrite(of: value), newer.interval.received < read.interval.sent {
                    stale.append(Stale(read: read, write: newer))
                }
            } else if !writes.mayBeDeleted(at: read.interval), let first = writes.firstWrite,
                first.interval.received < read.interval.sent
            {
                stale.append(Stale(read: read, write: first))
            }
        }
        overlapping = Self.overlapping(history)
        backwards = Self.backwards(history.reads, writes)
    }

    private static func overlapping(_ history: RegisterHistory) -> Int {
        let sent = history.writes.map(\.interval.sent)
        let received = history.writes.map(\.interval.received).sorted()
        return history.reads.count { read in
            // Writes sent by the end of the read, minus those that ended before its start.
            sent.partitioningIndex { $0 > read.interval.received }
                > received.partitioningIndex { $0 >= read.interval.sent }
        }
    }

    private static func backwards(
        _ reads: [RegisterHistory.Access], _ writes: RegisterWrites
    ) -> [RegisterHistory.Access] {
        var backwards: [RegisterHistory.Access] = []
        for own in Dictionary(grouping: reads, by: \.user).values {
            let ended = own.sorted { $0.interval.received < $1.interval.received }
            var next = 0
            // When the newest write that an earlier read showed was sent.
            var newest = Int64.min
            for read in own {
                while next < ended.count, ended[next].interval.received < read.interval.sent {
                    if let write = ended[next].value.flatMap(writes.write) { newest = max(newest, write.interval.sent) }
                    next += 1
                }
                guard let write = read.value.flatMap(writes.write) else { continue }
                if write.interval.received < newest { backwards.append(read) }
            }
        }
        return backwards.sorted { $0.interval.sent < $1.interval.sent }
    }
}
