extension TraceCSV {
    /// Reads a trace from a whole file.
    ///
    /// - Throws: ``TraceError`` with the line of the first row that cannot be read.
    package static func read(_ bytes: [UInt8]) throws(TraceError) -> RequestTrace {
        var trace = RequestTrace()
        try append(bytes, to: &trace)
        return trace
    }

    /// Appends a whole file to a trace that may already hold requests.
    package static func append(_ bytes: [UInt8], to trace: inout RequestTrace) throws(TraceError) {
        var rows = CSVRows(bytes)
        var fields: [ArraySlice<UInt8>] = []
        guard try rows.next(&fields) else {
            throw TraceError("the file is empty; its first line names the columns")
        }
        let columns = try columns(fields.map { String(decoding: $0, as: UTF8.self) })
        trace.records.reserveCapacity(trace.records.count + bytes.count / 48)
        let userPrefix = Array(trace.userPrefix.utf8)
        while try rows.next(&fields) {
            if fields.count == 1, fields[0].isEmpty { continue }
            guard fields.count == columns.count else {
                throw TraceError(
                    line: rows.line, "\(fields.count) fields, but the first line names \(columns.count) columns")
            }
            var row = Row(line: rows.line)
            for (field, column) in zip(fields, columns) {
                if let column { try row.set(column, field) }
            }
            try row.append(to: &trace, userPrefix: userPrefix)
        }
    }

    private static func columns(_ names: [String]) throws(TraceError) -> [Column?] {
        let columns = names.map { Column(rawValue: $0) }
        for column in Column.required where !columns.contains(column) {
            throw TraceError(
                line: 1,
                "the column \(column.rawValue) is missing; the first line names the columns: "
                    + Column.allCases.map(\.rawValue).joined(separator: ","))
        }
        for (index, column) in columns.enumerated() {
            guard let column, columns[..<index].contains(column) else { continue }
            throw TraceError(line: 1, "the column \(column.rawValue) is named twice")
        }
        return columns
    }
}

/// One row while its fields are read.
private struct Row {
    let line: Int
    private var step: ArraySlice<UInt8> = []
    private var key: ArraySlice<UInt8> = []
    private var user: ArraySlice<UInt8> = []
    private var value: ArraySlice<UInt8> = []
    private var responseClass: ArraySlice<UInt8> = []
    private var sent: Nanoseconds = 0
    private var received = TraceRecord.never
    private var outcome = TraceRecord.Outcome.admitted
    private var operation = TraceRecord.Operation.none
    private var isRetried = false
    private var retryAfter: Nanoseconds?
    private var remaining: UInt32?

    init(line: Int) { self.line = line }

    mutating func set(_ column: TraceCSV.Column, _ field: ArraySlice<UInt8>) throws(TraceError) {
        switch column {
        case .step: step = field
        case .key: key = field
        case .user: user = field
        case .value: value = field
        case .responseClass: responseClass = field
        case .sent: sent = try instant(field, column)
        case .received: received = field.isEmpty ? TraceRecord.never : try instant(field, column)
        case .outcome:
            guard let known = TraceRecord.Outcome.allCases.first(where: { TraceCSV.name(of: $0).matches(field) }) else {
                throw invalid(field, column, "admitted, denied, other or unknown")
            }
            outcome = known
        case .operation:
            guard let known = TraceRecord.Operation.allCases.first(where: { TraceCSV.name(of: $0).matches(field) })
            else { throw invalid(field, column, "read, write, delete or empty") }
            operation = known
        case .retryAfter: retryAfter = field.isEmpty ? nil : try wait(field)
        case .remaining:
            guard !field.isEmpty else { return }
            guard let number = digits(field[...]), number < UInt64(UInt32.max) else {
                throw invalid(field, column, "a whole number below 2^32 - 1, or empty")
            }
            remaining = UInt32(number)
        case .retried:
            guard field.isEmpty || field.elementsEqual("true".utf8) || field.elementsEqual("false".utf8) else {
                throw invalid(field, column, "true, false or empty")
            }
            isRetried = field.elementsEqual("true".utf8)
        }
    }

    func append(to trace: inout RequestTrace, userPrefix: [UInt8]) throws(TraceError) {
        let steps = trace.steps.number(of: step)
        guard Int(steps) < TraceTable.steps.capacity else {
            throw TraceError(line: line, "more than \(TraceTable.steps.capacity) different steps")
        }
        let classes =
            responseClass.isEmpty ? UInt32(TraceRecord.noClass) : trace.classes.number(of: responseClass)
        guard responseClass.isEmpty || Int(classes) < TraceTable.classes.capacity else {
            throw TraceError(line: line, "more than \(TraceTable.classes.capacity) different classes")
        }
        guard received >= sent else {
            throw TraceError(line: line, "received_ns \(received) is before sent_ns \(sent)")
        }
        guard received != TraceRecord.never || outcome == .unknown else {
            throw TraceError(line: line, "received_ns is empty; without a response the outcome is \"unknown\"")
        }
        let user = userPrefix.isEmpty ? user : userPrefix[...] + user
        let record = TraceRecord(
            sent: sent, received: received, key: trace.keys.number(of: key),
            value: value.isEmpty ? TraceRecord.noValue : trace.values.number(of: value),
            user: trace.users.number(of: user), step: UInt16(truncatingIfNeeded: steps),
            responseClass: UInt8(truncatingIfNeeded: classes), outcome: outcome, operation: operation,
            isRetried: isRetried)
        trace.records.append(record)
        if retryAfter != nil || remaining != nil {
            trace.promises.append(RateLimitPromise(record, retryAfter: retryAfter, remaining: remaining))
        }
    }

    // MARK: Fields

    private func instant(_ field: ArraySlice<UInt8>, _ column: TraceCSV.Column) throws(TraceError) -> Nanoseconds {
        guard let value = digits(field), value <= TraceLayout.latest else {
            throw invalid(field, column, "whole nanoseconds, below 2^62")
        }
        return value
    }

    /// Seconds, with at most nine decimals.
    private func wait(_ field: ArraySlice<UInt8>) throws(TraceError) -> Nanoseconds {
        let point = field.firstIndex(of: UInt8(ascii: ".")) ?? field.endIndex
        let decimals = field[point...].dropFirst()
        guard let seconds = digits(field[..<point]), seconds <= 1_000_000_000, decimals.count <= 9,
            let fraction = decimals.isEmpty ? 0 : digits(decimals)
        else { throw invalid(field, .retryAfter, "seconds, such as 2 or 0.5, or empty") }
        let scale = (0..<(9 - decimals.count)).reduce(UInt64(1)) { scale, _ in 10 * scale }
        return seconds * 1_000_000_000 + fraction * scale
    }

    /// A whole number below 10 · 2^58; nil for other text.
    private func digits(_ field: ArraySlice<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        for byte in field {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte), value < 1 << 58 else { return nil }
            value = value * 10 + UInt64(byte - UInt8(ascii: "0"))
        }
        return field.isEmpty ? nil : value
    }

    private func invalid(_ field: ArraySlice<UInt8>, _ column: TraceCSV.Column, _ expected: String) -> TraceError {
        let text = String(decoding: field.prefix(40), as: UTF8.self)
        return TraceError(line: line, "\(column.rawValue) is \"\(text)\"; expected \(expected)")
    }
}

extension StaticString {
    fileprivate func matches(_ field: ArraySlice<UInt8>) -> Bool {
        field.count == utf8CodeUnitCount
            && field.elementsEqual(UnsafeBufferPointer(start: utf8Start, count: utf8CodeUnitCount))
    }
}
