extension TraceCSV {
    /// Writes all columns, so that reading the file gives the same trace.
    static func write(_ trace: borrowing RequestTrace, to path: String) throws(TraceWriteError) {
        var file = try OutputFile(replacing: path)
        var piece = Array((Column.allCases.map(\.rawValue).joined(separator: ",") + "\n").utf8)
        var promises = PromiseLookup(trace.promises)
        for record in trace.records {
            append(record, promises.take(for: record), trace, to: &piece)
            guard piece.count >= TraceExport.pieceSize else { continue }
            try file.write(piece)
            piece.removeAll(keepingCapacity: true)
        }
        try file.write(piece)
        try file.close()
    }

    private static func append(
        _ record: TraceRecord, _ promise: RateLimitPromise?, _ trace: borrowing RequestTrace, to piece: inout [UInt8]
    ) {
        for column in Column.allCases {
            switch column {
            case .step: piece.append(field: trace.steps.bytes(of: UInt32(record.step)))
            case .key: piece.append(field: trace.keys.bytes(of: record.key))
            case .sent: piece.append(decimal: record.sent)
            case .received: if record.received != TraceRecord.never { piece.append(decimal: record.received) }
            case .outcome: piece.append(name(of: record.outcome))
            case .operation: piece.append(name(of: record.operation))
            case .value:
                if record.value != TraceRecord.noValue { piece.append(field: trace.values.bytes(of: record.value)) }
            case .user: piece.append(field: trace.users.bytes(of: record.user))
            case .responseClass:
                if record.responseClass != TraceRecord.noClass {
                    piece.append(field: trace.classes.bytes(of: UInt32(record.responseClass)))
                }
            case .retryAfter: if let wait = promise?.retryAfter { piece.append(seconds: wait) }
            case .remaining: if let remaining = promise?.remaining { piece.append(decimal: UInt64(remaining)) }
            case .retried: if record.isRetried { piece.append("true") }
            }
            piece.append(UInt8(ascii: column == .retried ? "\n" : ","))
        }
    }
}

extension [UInt8] {
    /// Appends a field, in quotes if it needs them.
    fileprivate mutating func append(field: ArraySlice<UInt8>) {
        let special: [UInt8] = Array(",\"\r\n".utf8)
        guard field.contains(where: special.contains) else {
            append(contentsOf: field)
            return
        }
        append(UInt8(ascii: "\""))
        for byte in field {
            if byte == UInt8(ascii: "\"") { append(byte) }
            append(byte)
        }
        append(UInt8(ascii: "\""))
    }

    mutating func append(decimal number: UInt64) {
        let start = count
        var rest = number
        repeat {
            append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        } while rest > 0
        self[start...].reverse()
    }

    mutating func append(_ text: StaticString) {
        append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Appends nanoseconds as seconds, without trailing zeros.
    fileprivate mutating func append(seconds wait: Nanoseconds) {
        append(decimal: wait / 1_000_000_000)
        var fraction = wait % 1_000_000_000
        guard fraction > 0 else { return }
        append(UInt8(ascii: "."))
        var unit: Nanoseconds = 100_000_000
        while fraction > 0 {
            append(UInt8(ascii: "0") + UInt8(fraction / unit))
            fraction %= unit
            unit /= 10
        }
    }
}
