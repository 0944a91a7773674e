/// A trace whose records are sorted by key, and by the time at which they were sent.
package struct KeyedTrace: Sendable {
    /// The records' order is the one of ``keys``.
    package let trace: RequestTrace
    /// The keys that have records, in the order of their numbers.
    package let keys: [Key]
    /// When the first request was sent.
    package let start: Nanoseconds

    package struct Key: Sendable {
        package var number: UInt32
        var range: Range<Int>
    }

    package init(_ trace: consuming RequestTrace) {
        start = trace.start
        let count = trace.keys.count
        var ends = [Int](repeating: 0, count: count + 1)
        for record in trace.records { ends[Int(record.key) + 1] += 1 }
        for index in ends.indices.dropFirst() { ends[index] += ends[index - 1] }
        let starts = ends
        trace.records = Self.sorted(trace.records, &ends)
        keys = (0..<count).filter { starts[$0] < starts[$0 + 1] }
            .map { Key(number: UInt32($0), range: starts[$0]..<starts[$0 + 1]) }
        self.trace = trace
    }

    /// A counting sort by key, then a sort of each key's records.
    private static func sorted(_ records: [TraceRecord], _ next: inout [Int]) -> [TraceRecord] {
        let starts = next
        return [TraceRecord](unsafeUninitializedCapacity: records.count) { sorted, count in
            for record in records {
                let place = next[Int(record.key)]
                sorted.initializeElement(at: place, to: record)
                next[Int(record.key)] = place + 1
            }
            for (start, end) in zip(starts, starts.dropFirst()) where end - start > 1 {
                var own = UnsafeMutableBufferPointer(rebasing: sorted[start..<end])
                if !own.isSorted { own.sort { $0.sent < $1.sent } }
            }
            count = records.count
        }
    }

    /// The records of a key.
    package func records(of key: Key) -> ArraySlice<TraceRecord> { trace.records[key.range] }

    package func name(of key: Key) -> String { trace.keys[key.number] }
}

extension UnsafeMutableBufferPointer<TraceRecord> {
    fileprivate var isSorted: Bool {
        for index in indices.dropFirst() where self[index].sent < self[index - 1].sent { return false }
        return true
    }
}
