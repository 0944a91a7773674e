/// What one recorder recorded since it last handed over a buffer: records, and the names that they use for the first
/// time.
///
/// Buffers are handed whole to the thread that writes them and come back empty, with their memory. See
/// ``TraceRecorder``.
package struct TraceBuffer: Sendable {
    /// The names of one table, as they are in a file.
    struct Names: Sendable {
        var count: UInt32 = 0
        var bytes: [UInt8] = []
    }

    package let source: UInt16
    /// The most records, with and without promises.
    package let capacity: Int
    package internal(set) var records: [TraceRecord] = []
    package internal(set) var promises: [RateLimitPromise] = []
    /// By the raw value of their table.
    var names = [Names](repeating: Names(), count: TraceTable.allCases.count)

    /// - Parameters:
    ///   - source: the recorder's number. Each recorder of a file has its own.
    ///   - capacity: the most records. Their memory is taken now.
    package init(source: UInt16, capacity: Int) {
        self.source = source
        self.capacity = capacity
        records.reserveCapacity(capacity)
    }

    package var count: Int { records.count + promises.count }
    package var isFull: Bool { count >= capacity }
    package var isEmpty: Bool { count == 0 && names.allSatisfy { $0.count == 0 } }

    /// Adds the next name of a table.
    mutating func define(_ name: some Collection<UInt8>, in table: TraceTable) {
        names[Int(table.rawValue)].count += 1
        names[Int(table.rawValue)].bytes.append(integer: UInt32(name.count))
        names[Int(table.rawValue)].bytes.append(contentsOf: name)
    }

    /// Empties the buffer after it was written, and keeps its memory.
    package mutating func removeAll() {
        records.removeAll(keepingCapacity: true)
        promises.removeAll(keepingCapacity: true)
        for table in names.indices {
            names[table].count = 0
            names[table].bytes.removeAll(keepingCapacity: true)
        }
    }
}
