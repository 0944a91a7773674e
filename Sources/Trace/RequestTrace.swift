/// The requests of one run, with the names that numbers in the records stand for.
package struct RequestTrace: Sendable {
    package var records: [TraceRecord] = []
    package var steps = SymbolTable()
    package var keys = SymbolTable()
    package var values = SymbolTable()
    package var users = SymbolTable()

    package init() {}

    /// When the first request was sent; 0 without requests. Reports count time from here.
    package var start: Nanoseconds { records.lazy.map(\.sent).min() ?? 0 }

    /// Widens every interval by a bound on the clock offset between the machines that recorded the trace.
    package mutating func widen(by bound: Nanoseconds) {
        guard bound > 0 else { return }
        for index in records.indices {
            records[index].sent -= min(bound, records[index].sent)
            let (widened, isPast) = records[index].received.addingReportingOverflow(bound)
            records[index].received = isPast ? TraceRecord.never : widened
        }
    }

    /// Groups the records by key, each in the order in which they were sent.
    ///
    /// - Parameter isIncluded: which records to take.
    package func byKey(where isIncluded: (TraceRecord) -> Bool = { _ in true }) -> [KeyRecords] {
        var counts = [Int](repeating: 0, count: keys.count + 1)
        for record in records where isIncluded(record) { counts[Int(record.key) + 1] += 1 }
        for index in counts.indices.dropFirst() { counts[index] += counts[index - 1] }
        var sorted = [TraceRecord](
            repeating: TraceRecord(sent: 0, received: 0), count: counts.last ?? 0)
        var next = counts
        for record in records where isIncluded(record) {
            sorted[next[Int(record.key)]] = record
            next[Int(record.key)] += 1
        }
        return (0..<keys.count).compactMap { key in
            let range = counts[key]..<counts[key + 1]
            guard !range.isEmpty else { return nil }
            return KeyRecords(key: UInt32(key), records: sorted[range].sorted { $0.sent < $1.sent })
        }
    }
}

/// The records of one key, sorted by the time at which they were sent.
package struct KeyRecords: Sendable {
    package var key: UInt32
    package var records: [TraceRecord]
}
