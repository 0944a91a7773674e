/// Records the requests of one thread.
///
/// The thread gives names their numbers and appends records to a buffer. When the buffer is full, or from time to time,
/// it swaps the buffer for an empty one and hands it to another thread, which writes it with a ``TraceFileWriter``.
/// Recording takes no lock. It allocates only for names that are new.
package struct TraceRecorder: Sendable {
    private var tables = [SymbolTable](repeating: SymbolTable(), count: TraceTable.allCases.count)
    private var buffer: TraceBuffer
    /// Records that found the buffer full. They are not in the trace, which therefore proves nothing.
    package private(set) var lost: UInt64 = 0

    package init(_ buffer: TraceBuffer) { self.buffer = buffer }

    /// Whether the buffer must be swapped before the next record.
    package var isFull: Bool { buffer.isFull }
    package var count: Int { buffer.count }

    /// The number of a name in a table of this recorder. An unknown name gets a new number.
    ///
    /// - Returns: nil if the table is full or the name is too long for a trace.
    package mutating func number(of name: UnsafeRawBufferPointer, in table: TraceTable) -> UInt32? {
        let index = Int(table.rawValue)
        let known = tables[index].count
        guard known < table.capacity, name.count <= TraceLayout.longestName else { return nil }
        let number = tables[index].number(of: name)
        if tables[index].count > known { buffer.define(name, in: table) }
        return number
    }

    package mutating func number(of name: String, in table: TraceTable) -> UInt32? {
        var name = name
        return name.withUTF8 { number(of: UnsafeRawBufferPointer($0), in: table) }
    }

    /// Records a request. All of its numbers must be from this recorder, except for a missing value or class.
    ///
    /// - Returns: false if the buffer is full; the record is then counted as lost.
    @discardableResult
    package mutating func append(_ record: TraceRecord) -> Bool {
        guard !buffer.isFull else { return lose() }
        buffer.records.append(record)
        return true
    }

    /// Records a request whose response said something about the limit, instead of ``append(_:)-(TraceRecord)``.
    @discardableResult
    package mutating func append(_ promise: RateLimitPromise) -> Bool {
        guard !buffer.isFull else { return lose() }
        buffer.promises.append(promise)
        return true
    }

    private mutating func lose() -> Bool {
        lost += 1
        return false
    }

    /// Swaps the buffer for an empty one of the same source.
    package mutating func swapBuffer(with other: inout TraceBuffer) { swap(&buffer, &other) }
}
