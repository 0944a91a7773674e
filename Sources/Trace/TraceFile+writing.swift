extension TraceFile {
    /// The records in a block.
    private static let blockSize = 1 << 15

    /// Writes a trace that is in memory.
    static func write(_ trace: borrowing RequestTrace, to path: String) throws(TraceWriteError) {
        var writer = try TraceFileWriter(path: path, origin: 0)
        var buffer = TraceBuffer(source: 0, capacity: blockSize)
        for table in TraceTable.allCases {
            for number in 0..<UInt32(trace.count(of: table)) {
                buffer.define(trace.bytes(of: number, in: table), in: table)
                guard buffer.names[Int(table.rawValue)].bytes.count >= TraceExport.pieceSize else { continue }
                try writer.write(buffer)
                buffer.removeAll()
            }
        }
        var promises = PromiseLookup(trace.promises)
        for record in trace.records {
            if let promise = promises.take(for: record) {
                buffer.promises.append(promise)
            } else {
                buffer.records.append(record)
            }
            guard buffer.isFull else { continue }
            try writer.write(buffer)
            buffer.removeAll()
        }
        try writer.write(buffer)
        try writer.finish(lost: trace.gap?.lost ?? 0)
    }
}
