/// Reads traces as CSV (RFC 4180), which any tool can write.
///
/// The first line names the columns, in any order: `step,key,sent_ns,received_ns,outcome,operation,value` and optionally
/// `user`. Only `sent_ns`, `received_ns` and `outcome` are required; further columns are ignored.
package enum TraceCSV {
    enum Column: String, CaseIterable {
        case step, key
        case sent = "sent_ns"
        case received = "received_ns"
        case outcome, operation, value, user

        static let required: [Column] = [.sent, .received, .outcome]
    }

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
        guard let header = try rows.next() else {
            throw TraceError("the file is empty; its first line names the columns")
        }
        let columns = try columns(header.map { String(decoding: $0, as: UTF8.self) })
        trace.records.reserveCapacity(trace.records.count + bytes.count / 48)
        while let fields = try rows.next() {
            if fields.count == 1, fields[0].isEmpty { continue }
            guard fields.count == columns.count else {
                throw TraceError(
                    line: rows.line, "\(fields.count) fields, but the first line names \(columns.count) columns")
            }
            try append(fields, columns, line: rows.line, to: &trace)
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

    private static func append(
        _ fields: [ArraySlice<UInt8>], _ columns: [Column?], line: Int, to trace: inout RequestTrace
    ) throws(TraceError) {
        var record = TraceRecord(sent: 0, received: 0)
        var (step, key, user) = (ArraySlice<UInt8>(), ArraySlice<UInt8>(), ArraySlice<UInt8>())
        var outcome = TraceRecord.Outcome.admitted
        for (field, column) in zip(fields, columns) {
            switch column {
            case .step: step = field
            case .key: key = field
            case .user: user = field
            case .sent: record.sent = try instant(field, .sent, line)
            case .received: record.received = field.isEmpty ? TraceRecord.never : try instant(field, .received, line)
            case .outcome: outcome = try self.outcome(field, line)
            case .operation: record.operation = try operation(field, line)
            case .value:
                if !field.isEmpty { record.value = trace.values.number(of: String(decoding: field, as: UTF8.self)) }
            case nil: break
            }
        }
        let steps = trace.steps.number(of: String(decoding: step, as: UTF8.self))
        guard let step = UInt16(exactly: steps) else {
            throw TraceError(line: line, "more than \(UInt16.max) different steps")
        }
        record = TraceRecord(
            sent: record.sent, received: record.received,
            key: trace.keys.number(of: String(decoding: key, as: UTF8.self)),
            value: record.value, user: trace.users.number(of: String(decoding: user, as: UTF8.self)), step: step,
            outcome: outcome, operation: record.operation)
        guard record.received >= record.sent else {
            throw TraceError(line: line, "received_ns \(record.received) is before sent_ns \(record.sent)")
        }
        guard record.received != TraceRecord.never || outcome == .unknown else {
            throw TraceError(line: line, "received_ns is empty; without a response the outcome is \"unknown\"")
        }
        trace.records.append(record)
    }

    private static func instant(
        _ field: ArraySlice<UInt8>, _ column: Column, _ line: Int
    ) throws(TraceError) -> Nanoseconds {
        var value: UInt64 = 0
        // A year has 3.2e16 ns. The bound leaves room for sums of instants and windows.
        for byte in field {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte), value < 1 << 58 else {
                throw invalid(field, column, "whole nanoseconds, below 2^62", line)
            }
            value = value * 10 + UInt64(byte - UInt8(ascii: "0"))
        }
        guard !field.isEmpty, value < 1 << 62 else {
            throw invalid(field, column, "whole nanoseconds, below 2^62", line)
        }
        return value
    }

    private static func outcome(
        _ field: ArraySlice<UInt8>, _ line: Int
    ) throws(TraceError) -> TraceRecord.Outcome {
        if field.elementsEqual("admitted".utf8) { return .admitted }
        if field.elementsEqual("denied".utf8) { return .denied }
        if field.elementsEqual("other".utf8) { return .other }
        if field.elementsEqual("unknown".utf8) { return .unknown }
        throw invalid(field, .outcome, "admitted, denied, other or unknown", line)
    }

    private static func operation(
        _ field: ArraySlice<UInt8>, _ line: Int
    ) throws(TraceError) -> TraceRecord.Operation {
        if field.isEmpty { return .none }
        if field.elementsEqual("read".utf8) { return .read }
        if field.elementsEqual("write".utf8) { return .write }
        if field.elementsEqual("delete".utf8) { return .delete }
        throw invalid(field, .operation, "read, write, delete or empty", line)
    }

    private static func invalid(
        _ field: ArraySlice<UInt8>, _ column: Column, _ expected: String, _ line: Int
    ) -> TraceError {
        let text = String(decoding: field.prefix(40), as: UTF8.self)
        return TraceError(line: line, "\(column.rawValue) is \"\(text)\"; expected \(expected)")
    }
}
