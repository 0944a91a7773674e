import Trace

/// The reads and writes of one object that holds one value. Each write's value is unique.
package struct RegisterHistory: Sendable {
    package struct Access: Equatable, Sendable {
        package var interval: Interval
        /// Nil if the object was absent: before the first write, or after a deletion.
        package var value: UInt32?
        package var user: UInt32
    }

    /// Writes sorted by the time at which they were sent, as are `reads`. A deletion writes an absent value.
    package private(set) var writes: [Access] = []
    package private(set) var reads: [Access] = []

    var isEmpty: Bool { writes.isEmpty && reads.isEmpty }

    package init(writes: [Access], reads: [Access]) {
        self.writes = writes.sorted { $0.interval.sent < $1.interval.sent }
        self.reads = reads.sorted { $0.interval.sent < $1.interval.sent }
    }

    /// - Parameter records: of one object, sorted by the time at which they were sent.
    package init(_ records: ArraySlice<TraceRecord>) {
        for record in records {
            let value = record.value == TraceRecord.noValue ? nil : record.value
            switch record.operation {
            // A denied write changed nothing.
            case .write where record.outcome != .denied:
                writes.append(Access(interval: Interval(change: record), value: value, user: record.user))
            case .delete where record.outcome != .denied:
                writes.append(Access(interval: Interval(change: record), value: nil, user: record.user))
            case .read where record.outcome == .admitted:
                reads.append(Access(interval: Interval(record), value: value, user: record.user))
            default: break
            }
        }
    }
}

extension Interval {
    /// The interval in which a write or deletion took effect.
    ///
    /// Without a clear response it may take effect at any later time, or never. So may the first attempt of a retried
    /// one.
    init(change record: TraceRecord) {
        self.init(record)
        if record.outcome != .admitted || record.isRetried { received = Self.never }
    }
}
