/// Writes a trace in the binary format, block by block, as it is recorded.
///
/// Owned by one thread. After an error, such as a full disk, every further call throws the same error.
package struct TraceFileWriter: ~Copyable {
    private var file: OutputFile
    private var block: [UInt8] = []
    private var count: UInt64 = 0

    /// Creates or replaces the file, and writes its header.
    ///
    /// - Parameter origin: the instant that times in the records count from, in nanoseconds since 1970. Traces of
    ///   several machines can be joined only if it is right.
    package init(path: String, origin: Nanoseconds) throws(TraceWriteError) {
        var file = try OutputFile(replacing: path)
        var header = TraceLayout.magic
        header.append(integer: TraceLayout.version)
        header.append(integer: UInt32(TraceLayout.recordSize))
        header.append(integer: origin)
        header.append(integer: UInt64(0))
        try file.write(header)
        self.file = file
    }

    /// Writes a buffer's names and records.
    package mutating func write(_ buffer: borrowing TraceBuffer) throws(TraceWriteError) {
        block.removeAll(keepingCapacity: true)
        for table in TraceTable.allCases {
            let names = buffer.names[Int(table.rawValue)]
            guard names.count > 0 else { continue }
            begin(.names, table: table.rawValue, source: buffer.source, count: names.count, length: names.bytes.count)
            block += names.bytes
        }
        if !buffer.records.isEmpty {
            let length = buffer.records.count * TraceLayout.recordSize
            begin(.records, source: buffer.source, count: UInt32(buffer.records.count), length: length)
            block.reserveCapacity(block.count + length)
            block.append(contentsOf: buffer.records)
        }
        if !buffer.promises.isEmpty {
            let length = buffer.promises.count * TraceLayout.promiseSize
            begin(.promises, source: buffer.source, count: UInt32(buffer.promises.count), length: length)
            for promise in buffer.promises {
                block.append(promise.record)
                block.append(integer: promise.retryAfter ?? TraceRecord.never)
                block.append(integer: promise.remaining ?? .max)
                block.append(integer: UInt32(0))
            }
        }
        count += UInt64(buffer.count)
        if !block.isEmpty { try file.write(block) }
    }

    /// Writes the end block and closes the file. A file without it counts as cut off.
    ///
    /// - Parameter lost: the records that are missing because recorders could not keep up.
    package mutating func finish(lost: UInt64) throws(TraceWriteError) {
        block.removeAll(keepingCapacity: true)
        begin(.end, source: 0, count: 0, length: TraceLayout.endSize)
        block.append(integer: count)
        block.append(integer: lost)
        try file.write(block)
        try file.close()
    }

    private mutating func begin(
        _ kind: TraceLayout.Block, table: UInt8 = 0, source: UInt16, count: UInt32, length: Int
    ) {
        block.append(kind.rawValue)
        block.append(table)
        block.append(integer: source)
        block.append(integer: count)
        block.append(integer: UInt64(length))
    }
}

extension [UInt8] {
    /// Appends an integer, the lowest byte first.
    mutating func append(integer: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: integer.littleEndian) { append(contentsOf: $0) }
    }

    fileprivate mutating func append(contentsOf records: [TraceRecord]) {
        #if _endian(little)
            // In memory a record is what it is in a file.
            if MemoryLayout<TraceRecord>.stride == TraceLayout.recordSize {
                records.withUnsafeBytes { append(contentsOf: $0) }
                return
            }
        #endif
        for record in records { append(record) }
    }

    fileprivate mutating func append(_ record: TraceRecord) {
        append(integer: record.sent)
        append(integer: record.received)
        append(integer: record.key)
        append(integer: record.value)
        append(integer: record.user)
        append(integer: record.step)
        append(record.responseClass)
        append(record.bits)
    }
}
